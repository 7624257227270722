/* The page of the purse: load, pay without network, give back. */
(async () => {
  "use strict";
  const P = window.ressortPurse;
  const { at, tell, guarded } = P;
  if (!(await P.canSign())) { tell(P.say("unable")); return; }

  let purse = await P.get("own", "purse");
  let wallets = [];
  const show = (id, is) => { at(id).hidden = !is; };
  const cell = (row, text, tag = "td", kind = "") => { const made = document.createElement(tag); made.textContent = text; if (kind) made.className = kind; if (tag === "th") made.scope = "row"; row.append(made); return made; };
  const code = (id, label, text) => { const figure = at(id); figure.replaceChildren(window.ressortQr.drawn(text)); figure.setAttribute("role", "img"); figure.setAttribute("aria-label", label); const caption = document.createElement("figcaption"); caption.textContent = label; figure.append(caption); };
  const codes = (made) => {
    const certificate = P.toText(purse.certificate);
    code("code-purse", P.say("purseCode"), `${P.site}#${certificate}`);
    code("code-payment", P.say("paymentCode"), `${P.site}#${made.text}`);
    at("as-text").value = `${certificate}\n${made.text}`;
    at("paid-what").textContent = P.say("asked", { amount: `${P.amount(made.cents)} ${purse.unit}`, payee: made.payee });
    show("codes", true);
    at("paid-what").focus();
  };
  const draw = () => {
    show("none", !purse && wallets.length > 0);
    show("loading", purse && purse.state === "loading");
    show("held", purse && purse.state === "held");
    if (!purse || purse.state !== "held") return;
    at("left").textContent = `${P.amount(purse.cap - purse.signed)} ${purse.unit}`;
    at("until").textContent = P.dayWords(purse.expires);
    at("whose").textContent = purse.name;
    at("made").replaceChildren(...purse.made.map((made) => {
      const row = document.createElement("tr");
      cell(row, P.dayWords(made.day), "th");
      cell(row, made.payee);
      cell(row, P.amount(made.cents), "td", "n");
      const button = document.createElement("button");
      button.type = "button"; button.className = "quiet"; button.textContent = P.say("show");
      button.setAttribute("aria-label", `${P.say("show")} ${P.say("asked", { amount: P.amount(made.cents), payee: made.payee })}`);
      button.addEventListener("click", () => codes(made));
      cell(row, "").append(button);
      return row;
    }).reverse());
  };
  const load = async () => {
    const told = await P.state();
    const given = { amount: (purse.cents / 100).toFixed(2), device_key: purse.deviceKey, key: purse.key, csrfmiddlewaretoken: told.token };
    if (!told.is_signed_in) throw new P.Refused("signIn");
    try { purse = await P.grant(purse, (await P.asked(P.words.load.replace("alias", purse.alias), given)).certificate); }
    catch (error) { if (!(error instanceof P.Refused)) { await P.forget(); purse = null; draw(); } throw error; } /* refused: nothing is held */
    draw();
    tell(P.say("loaded"), true);
  };

  at("load").addEventListener("submit", guarded(async () => {
    const wallet = wallets.find((one) => one.alias === at("from").value);
    const value = P.cents(at("load-amount").value);
    purse = await P.make(wallet, value);
    draw();
    await load();
  }));
  at("load-again").addEventListener("click", guarded(load));

  let asked = null;
  at("pay").addEventListener("submit", guarded(async () => {
    purse = await P.get("own", "purse");
    asked = { alias: P.named(at("payee").value, purse.ledger), cents: P.cents(at("amount").value) };
    P.allowed(purse, asked.cents);
    at("asked").textContent = P.say("asked", { amount: `${P.amount(asked.cents)} ${purse.unit}`, payee: asked.alias });
    show("codes", false); show("pay", false); show("confirm", true);
    at("sign").focus();
  }));
  const back = () => { asked = null; show("confirm", false); show("pay", true); };
  at("change").addEventListener("click", back);
  at("sign").addEventListener("click", guarded(async () => {
    const what = asked;
    back(); /* once, however often it is pressed */
    if (!what) return;
    const [done, made] = await P.pay(what.alias, what.cents);
    purse = done;
    at("pay").reset();
    draw();
    codes(made);
  }));
  at("surrender").addEventListener("click", guarded(async () => {
    const told = await P.state();
    if (!told.is_signed_in) throw new P.Refused("signIn");
    await P.alone("purse", async () => {
      purse = await P.get("own", "purse");
      const given = { state: await P.lastState(purse), certificate: P.toText(purse.certificate), csrfmiddlewaretoken: told.token };
      const answer = await P.asked(P.words.surrender.replace("alias", purse.alias), given);
      await P.forget();
      purse = null;
      await choose();
      tell(P.say("returned", { amount: P.amount(answer.returned_cents) }), true);
    });
  }));

  const choose = async () => {
    const told = await P.state();
    wallets = told.wallets;
    at("from").replaceChildren(...wallets.map((one) => { const option = document.createElement("option"); option.value = one.alias; option.textContent = `${one.name} (${P.amount(one.available_cents)} ${one.unit})`; return option; }));
    if (!told.is_signed_in) tell(P.say("signIn")); else if (!wallets.length) tell(P.say("noAccount"));
    draw();
  };
  draw();
  if (!purse) await guarded(choose)();
  const scanned = new URLSearchParams(window.location.search).get("c");
  if (scanned && purse && purse.state === "held") at("payee").value = scanned;
})();
