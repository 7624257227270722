/* The page of a till without network: verify, keep, settle. */
(async () => {
  "use strict";
  const P = window.ressortPurse;
  const { at, tell, guarded } = P;
  if (!(await P.canSign())) { tell(P.say("unable")); return; }

  let till = await P.get("till", "till");
  let tills = [];
  const draw = async () => {
    at("prepare").hidden = Boolean(till) || !tills.length;
    at("ready").hidden = !till;
    if (!till) return;
    at("who").textContent = `${till.name} (${till.alias})`;
    at("fresh").textContent = P.say("fresh", { day: new Date(till.at).toLocaleString(document.documentElement.lang) });
    const kept = (await P.all("queue")).filter((one) => one.alias === till.alias).sort((one, two) => two.at - one.at);
    const sum = (state) => `${P.amount(kept.filter((one) => one.state === state).reduce((total, one) => total + one.cents, 0))} ${till.unit}`;
    at("waiting").textContent = sum("waiting");
    at("settled").textContent = sum("done");
    at("kept").replaceChildren(...kept.map((one) => {
      const row = document.createElement("tr");
      const day = document.createElement("th"); day.scope = "row"; day.textContent = P.dayWords(one.day);
      const cents = document.createElement("td"); cents.className = "n"; cents.textContent = P.amount(one.cents);
      const state = document.createElement("td"); state.textContent = [P.say(one.state), one.message].filter(Boolean).join(" – ");
      row.append(day, cents, state);
      return row;
    }));
  };
  const known = async (told, alias) => {
    const found = told.tills.find((one) => one.alias === alias);
    if (!found) return;
    till = { ...found, keys: told.keys, revoked: told.revoked, at: Date.now() };
    await P.write(["till"], (store) => store("till").put(till, "till"));
  };
  const refresh = async () => {
    const told = await P.state();
    tills = told.tills;
    at("till").replaceChildren(...tills.map((one) => { const option = document.createElement("option"); option.value = one.alias; option.textContent = `${one.name} (${one.unit})`; return option; }));
    if (till && told.is_signed_in) await known(told, till.alias);
    if (!told.is_signed_in) tell(P.say("signIn")); else if (!tills.length) tell(P.say("noAccount"));
    await draw();
    return told;
  };

  at("choose").addEventListener("submit", guarded(async () => { await known(await P.state(), at("till").value); await draw(); }));
  at("take").addEventListener("submit", guarded(async () => {
    const texts = at("code").value.split(/\s+/).filter(Boolean);
    const kept = await P.take(texts, P.cents(at("expected").value));
    at("take").reset();
    await draw();
    tell(P.say("accepted", { amount: `${P.amount(kept.cents)} ${till.unit}` }), true);
  }));
  const settle = () => P.alone("settle", async () => {
    const told = await P.state();
    if (!told.is_signed_in) throw new P.Refused("signIn");
    let count = 0;
    try {
      for (const one of (await P.all("queue")).filter((kept) => kept.state === "waiting" && kept.alias === till.alias)) {
        const answer = await P.asked(P.words.settle.replace("alias", one.alias), { certificate: one.certificate, payment: one.payment, csrfmiddlewaretoken: told.token });
        const state = answer.outcome === "paid" ? "done" : answer.outcome === "guarantee_exhausted" ? "waiting" : "refused";
        await P.write(["queue"], (store) => store("queue").put({ ...one, state, message: answer.message }, one.id));
        if (state === "done") count += 1;
      }
    } finally { await draw(); }
    if (count) tell(P.say("settledAll", { count }), true);
  });
  at("settle").addEventListener("click", guarded(settle));
  at("forget").addEventListener("click", guarded(async () => {
    const gone = (await P.all("queue")).filter((one) => one.state === "done");
    await P.write(["queue"], (store) => gone.forEach((one) => store("queue").delete(one.id)));
    await draw();
  }));
  /* a camera that opened this page with a code behind the # */
  const scanned = guarded(async () => {
    const text = window.location.hash.slice(1);
    if (!text || !till) return;
    window.history.replaceState(null, "", window.location.pathname);
    const payment = await P.sort([text], till);
    if (payment) at("code").value = P.toText(payment); else tell(P.say("noPayment"));
  });
  window.addEventListener("hashchange", scanned);
  window.addEventListener("online", guarded(async () => { await refresh(); if (till) await settle(); }));

  await draw();
  try { await refresh(); if (till && (await P.all("queue")).some((one) => one.state === "waiting")) await settle(); } catch (error) { if (!till) tell(error.message); }
  await scanned();
})();
