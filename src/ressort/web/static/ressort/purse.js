/* Offline purses on a device: the bytes that are signed, the rules of acceptance, what is kept. The same rules as core/currency/purse.
   A device key is made here, cannot be taken out, and never leaves. */
(() => {
  "use strict";
  const HEAD = 3, SIGNATURE = 64;
  const STATIC = 1, CERTIFICATE = 4, PAYMENT = 5, SURRENDER = 6;
  const LENGTHS = { [CERTIFICATE]: 123, [PAYMENT]: 135 };
  const ALIAS = /^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/;
  const words = document.getElementById("words").dataset;
  const language = document.getElementById("words").lang;

  /* ---- words, amounts, days ---- */
  const say = (name, facts = {}) => words[name].replace(/\{(\w+)\}/g, (_all, key) => facts[key]);
  class Refused extends Error { constructor(name, facts) { super(say(name, facts)); this.reason = name; } }
  const money = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const amount = (cents) => money.format(cents / 100);
  const cents = (text) => {
    const found = text.trim().match(/^([0-9]{1,7})(?:[.,]([0-9]{1,2}))?$/);
    const value = found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0")) : 0;
    if (!value) throw new Refused("badAmount");
    return value;
  };
  const EPOCH = Date.UTC(2000, 0, 1);
  const today = () => { const now = new Date(); return Math.round((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - EPOCH) / 864e5); };
  const dayWords = (day) => new Intl.DateTimeFormat(language, { timeZone: "UTC" }).format(new Date(EPOCH + day * 864e5));

  /* ---- bytes ---- */
  const toText = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const toBytes = (text) => {
    const part = text.trim().split("#").pop().split("c=").pop().replace(/-/g, "+").replace(/_/g, "/");
    try { return Uint8Array.from(atob(part), (one) => one.charCodeAt(0)); } catch { throw new Refused("notACode"); }
  };
  const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  const fromHex = (text) => Uint8Array.from(text.match(/../g), (two) => parseInt(two, 16));
  const digest = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kindOf = (bytes) => { if (bytes.length <= HEAD || bytes[0] !== 82 || bytes[1] !== 1) throw new Refused("notACode"); return bytes[2]; };
  const payeeOf = async (ledger, alias) => (await digest(new TextEncoder().encode(`${ledger}:${alias}`))).slice(0, 8);

  const read = (kind, bytes) => {
    if (kindOf(bytes) !== kind || bytes.length !== LENGTHS[kind]) throw new Refused("notACode");
    const at = view(bytes);
    return kind === CERTIFICATE
      ? { ledger: at.getUint32(3), purse: Number(at.getBigUint64(7)), deviceKey: bytes.slice(15, 47), cap: at.getUint32(47), start: at.getUint32(51), expires: at.getInt32(55) }
      : { certificate: hex(bytes.slice(3, 19)), payee: hex(bytes.slice(19, 27)), cents: at.getUint32(27), counter: at.getUint32(31), previous: hex(bytes.slice(35, 67)), day: at.getInt32(67) };
  };
  const verified = async (bytes, raw) => {
    const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]).catch(() => null);
    return key !== null && crypto.subtle.verify("Ed25519", key, bytes.slice(-SIGNATURE), bytes.slice(0, -SIGNATURE));
  };
  const sealed = async (kind, body, key) => {
    const content = Uint8Array.of(82, 1, kind, ...body);
    return Uint8Array.of(...content, ...new Uint8Array(await crypto.subtle.sign("Ed25519", key, content)));
  };

  /* ---- what is kept: one database of the browser, written before anything is shown ---- */
  const opened = new Promise((done, failed) => {
    const asked = indexedDB.open("ressort-purse", 1);
    asked.onupgradeneeded = () => { for (const name of ["own", "till", "queue", "seen"]) asked.result.createObjectStore(name); };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const result = (request) => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = () => failed(request.error); });
  const get = async (store, key) => result((await opened).transaction(store).objectStore(store).get(key));
  const all = async (store) => result((await opened).transaction(store).objectStore(store).getAll());
  const write = async (stores, change) => {
    const work = (await opened).transaction(stores, "readwrite", { durability: "strict" });
    change((name) => work.objectStore(name));
    await new Promise((done, failed) => { work.oncomplete = done; work.onabort = work.onerror = () => failed(work.error); });
  };
  /* two windows of one device never sign nor take at once */
  const alone = (name, what) => navigator.locks.request(`ressort-${name}`, what);

  /* ---- the payer ---- */
  const make = async (wallet, value) => {
    if (value > Number(words.purseCap)) throw new Refused("tooMuchLoad", { most: amount(Number(words.purseCap)) });
    const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const purse = { state: "loading", key: crypto.randomUUID(), ...wallet, cents: value, deviceKey: hex(raw), sign: pair.privateKey, made: [] };
    await write(["own"], (store) => store("own").put(purse, "purse"));
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    return purse;
  };
  const grant = async (purse, text) => {
    const bytes = toBytes(text);
    const told = read(CERTIFICATE, bytes);
    const held = { ...purse, state: "held", certificate: bytes, digest: hex((await digest(bytes)).slice(0, 16)), cap: told.cap, expires: told.expires, counter: told.start, signed: 0, previous: hex(new Uint8Array(32)) };
    await write(["own"], (store) => store("own").put(held, "purse"));
    return held;
  };
  /* whom a text names: an alias, or the code of a counter of this currency */
  const named = (text, ledger) => {
    const given = text.trim();
    if (ALIAS.test(given.toLowerCase()) && !given.includes("=")) return given.toLowerCase();
    const bytes = toBytes(given);
    if (kindOf(bytes) !== STATIC) throw new Refused("badPayee");
    if (view(bytes).getUint32(3) !== ledger) throw new Refused("otherCurrency");
    const alias = new TextDecoder().decode(bytes.slice(7));
    if (!ALIAS.test(alias)) throw new Refused("badPayee");
    return alias;
  };
  const allowed = (purse, value) => {
    if (value > Number(words.paymentCap)) throw new Refused("tooMuchOnce", { most: amount(Number(words.paymentCap)) });
    if (purse.signed + value > purse.cap) throw new Refused("tooMuch", { left: amount(purse.cap - purse.signed) });
    if (today() > purse.expires) throw new Refused("expired", { day: dayWords(purse.expires) });
  };
  const pay = (alias, value) => alone("purse", async () => {
    const purse = await get("own", "purse");
    allowed(purse, value);
    const day = today();
    const body = new Uint8Array(68);
    const at = view(body);
    body.set(fromHex(purse.digest));
    body.set(await payeeOf(purse.ledger, alias), 16);
    at.setUint32(24, value);
    at.setUint32(28, purse.counter + 1);
    body.set(fromHex(purse.previous), 32);
    at.setInt32(64, day);
    const content = await sealed(PAYMENT, body, purse.sign);
    const made = { payee: alias, cents: value, day, text: toText(content) };
    const done = { ...purse, counter: purse.counter + 1, signed: purse.signed + value, previous: hex(await digest(content)), made: [...purse.made, made] };
    await write(["own"], (store) => store("own").put(done, "purse"));
    return [done, made];
  });
  const lastState = async (purse) => {
    const body = new Uint8Array(60);
    const at = view(body);
    body.set(fromHex(purse.digest));
    at.setUint32(16, purse.counter);
    at.setUint32(20, purse.signed);
    body.set(fromHex(purse.previous), 24);
    at.setInt32(56, today());
    return toText(await sealed(SURRENDER, body, purse.sign));
  };
  const forget = () => write(["own"], (store) => store("own").delete("purse"));

  /* ---- the merchant ---- */
  const certified = async (bytes, till) => {
    const told = read(CERTIFICATE, bytes);
    let holds = false;
    for (const key of till.keys) holds = holds || (await verified(bytes, fromHex(key)));
    if (!holds) throw new Refused("forged");
    if (told.ledger !== till.ledger) throw new Refused("otherCurrency");
    if (till.revoked.includes(told.purse)) throw new Refused("revoked");
    return told;
  };
  const inOrder = (paid, seen) => {
    if (!seen || !seen.counter) return;
    if (paid.counter <= seen.counter) throw new Refused("seen");
    if (paid.counter === seen.counter + 1 && paid.previous !== seen.last) throw new Refused("copied");
  };
  const acceptable = async (bytes, told, till, expected) => {
    const paid = read(PAYMENT, bytes);
    if (!(await verified(bytes, told.deviceKey))) throw new Refused("forged");
    if (!paid.cents || paid.cents > Math.min(Number(words.paymentCap), told.cap) || paid.counter <= told.start) throw new Refused("notAllowed");
    if (paid.payee !== hex(await payeeOf(till.ledger, till.alias))) throw new Refused("somebodyElse");
    const skew = Number(words.skew);
    if (today() > told.expires + skew || paid.day > told.expires) throw new Refused("expired", { day: dayWords(told.expires) });
    if (Math.abs(paid.day - today()) > skew) throw new Refused("clocks", { day: dayWords(paid.day) });
    if (paid.cents !== expected) throw new Refused("otherAmount", { given: amount(paid.cents), expected: amount(expected) });
    return paid;
  };
  /* certificates among some texts are verified and kept; tells the payment, if there is one */
  const sort = async (texts, till) => {
    let payment = null;
    for (const text of texts) {
      const bytes = toBytes(text);
      if (kindOf(bytes) === PAYMENT) { payment = bytes; continue; }
      await certified(bytes, till);
      const key = hex((await digest(bytes)).slice(0, 16));
      const seen = (await get("seen", key)) || { counter: 0, last: "" };
      await write(["seen"], (store) => store("seen").put({ ...seen, certificate: bytes }, key));
    }
    return payment;
  };
  const take = (texts, expected) => alone("till", async () => {
    const till = await get("till", "till");
    const bytes = await sort(texts, till);
    if (!bytes) throw new Refused("noPayment");
    const key = read(PAYMENT, bytes).certificate;
    const seen = await get("seen", key);
    if (!seen) throw new Refused("noCertificate");
    const told = await certified(seen.certificate, till);
    const paid = await acceptable(bytes, told, till, expected);
    inOrder(paid, seen);
    const id = hex(await digest(bytes));
    const kept = { id, alias: till.alias, payment: toText(bytes), certificate: toText(seen.certificate), cents: paid.cents, day: paid.day, at: Date.now(), state: "waiting", message: "" };
    await write(["queue", "seen"], (store) => { store("queue").put(kept, id); store("seen").put({ ...seen, counter: paid.counter, last: id }, key); });
    return kept;
  });

  /* ---- the server, when it answers ---- */
  const asked = async (path, given) => {
    let answer;
    try {
      answer = await fetch(path, given ? { method: "POST", body: new URLSearchParams(given), headers: { Accept: "application/json", "X-CSRFToken": given.csrfmiddlewaretoken } } : { headers: { Accept: "application/json" } });
    } catch { throw new Refused("noNetwork"); }
    const told = await answer.json().catch(() => null);
    if (!told || (!answer.ok && answer.status !== 422)) throw new Refused("elsewhere");
    if (told.error) throw new Error(told.error);
    return told;
  };
  const state = () => asked(words.state);
  const canSign = async () => {
    try { await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]); return "locks" in navigator && "indexedDB" in window; } catch { return false; }
  };
  const site = window.location.origin + words.queue;

  /* ---- what both pages do: find a part, tell a sentence, do something and tell what went wrong ---- */
  const at = (id) => document.getElementById(id);
  const tell = (text, good = false) => { at("told").textContent = text; at("told").hidden = !text; at("told").className = good ? "notice success" : "notice"; };
  const guarded = (what) => async (event) => { if (event) event.preventDefault(); tell(""); try { await what(); } catch (error) { tell(error.message); } };
  window.ressortPurse = { Refused, alone, all, amount, asked, allowed, at, canSign, cents, dayWords, forget, get, grant, guarded, lastState, make, named, pay, say, site, sort, state, take, tell, toText, today, words, write };
})();
