/* What pages do beyond links and forms. Everything here is an addition: each page works without it. */
(() => {
  "use strict";
  const announcer = () => document.getElementById("announcer");
  const say = (text) => { const box = announcer(); if (box && text) box.textContent = text; };

  /* ---- search: a combobox over the list that the server sends ---- */
  const options = (input) => [...document.getElementById(input.getAttribute("aria-controls")).querySelectorAll("[role=option]")];
  const close = (input) => {
    document.getElementById(input.getAttribute("aria-controls")).hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const select = (input, wanted) => {
    options(input).forEach((option) => option.setAttribute("aria-selected", option === wanted ? "true" : "false"));
    if (wanted) { input.setAttribute("aria-activedescendant", wanted.id); wanted.scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  };
  const move = (input, step) => {
    const all = options(input);
    if (!all.length) return;
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length;
    select(input, all[next]);
  };
  const go = (option) => { if (option && option.dataset.href) window.location.assign(option.dataset.href); };

  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLElement) || input.getAttribute("role") !== "combobox") return;
    const open = input.getAttribute("aria-expanded") === "true";
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) return;
      event.preventDefault();
      move(input, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close(input);
    } else if (event.key === "Enter" && open) {
      const chosen = options(input).find((option) => option.getAttribute("aria-selected") === "true");
      if (chosen) { event.preventDefault(); go(chosen); }
    }
  });
  document.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest(".suggestions [role=option]") : null;
    if (option) { go(option); return; }
    document.querySelectorAll("[role=combobox][aria-expanded=true]").forEach((input) => {
      if (!input.closest(".search").contains(event.target)) close(input);
    });
  });
  // a press on a suggestion must not take the focus from the field: the list would close before the click
  document.addEventListener("mousedown", (event) => {
    if (event.target instanceof Element && event.target.closest(".suggestions")) event.preventDefault();
  });
  document.addEventListener("focusout", (event) => {
    const search = event.target instanceof Element ? event.target.closest(".search") : null;
    const input = search && search.querySelector("[role=combobox]");
    if (input && event.relatedTarget && !search.contains(event.relatedTarget)) close(input);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const list = event.detail.target;
    if (!list) return; // a page brought back from the history
    if (list.matches(".suggestions")) {
      const input = document.querySelector(`[aria-controls="${list.id}"]`);
      const count = list.querySelectorAll("[role=option]").length;
      list.hidden = count === 0;
      input.setAttribute("aria-expanded", count ? "true" : "false");
      input.removeAttribute("aria-activedescendant");
    }
    const told = list.querySelector("[data-announce]");
    if (told) say(told.dataset.announce);
  });

  /* ---- levers: what the slider says, in the words the server sent ---- */
  const sayValue = (slider) => {
    const told = slider.dataset.told.split("|")[Math.round((slider.value - slider.min) / slider.step)];
    slider.setAttribute("aria-valuetext", told);
    document.querySelector(`output[for="${slider.id}"]`).textContent = told;
  };
  document.addEventListener("input", (event) => {
    const slider = event.target;
    if (!(slider instanceof HTMLInputElement) || !slider.dataset.told) return;
    sayValue(slider);
    // the sliders of the families follow the one of the whole, but for those moved apart
    const was = slider.form && slider.form.elements[`etait.${slider.name}`];
    if (!was) return;
    [...slider.form.elements].filter((one) => one.name.startsWith(`${slider.name}s.`) && one.value === was.value).forEach((one) => {
      one.value = slider.value;
      sayValue(one);
    });
    was.value = slider.value;
  });

  /* ---- forms with errors: the summary takes the focus ---- */
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  /* ---- a passkey that did not sign: why, as far as the browser tells ---- */
  const unsigned = document.querySelector("[data-unsigned]");
  if (unsigned) document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const name = window.PublicKeyCredential ? event.detail.exception.name : "NotSupportedError";
    const known = [...unsigned.querySelectorAll("[data-why]")];
    const why = known.find((one) => one.dataset.why.split(" ").includes(name)) || known[known.length - 1];
    known.forEach((one) => { one.hidden = one !== why; });
    unsigned.hidden = false;
    unsigned.focus();
  });

  /* ---- confirm before what cannot be undone ---- */
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset && event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  /* ---- ballot: how many choices are left ---- */
  const tell = (ballot) => {
    const given = [...ballot.querySelectorAll("input[type=checkbox]:checked")].length
      + [...ballot.querySelectorAll("select")].reduce((sum, one) => sum + Number(one.value), 0);
    const left = Number(ballot.dataset.ballot) - given;
    const words = left < 0 ? ballot.dataset.over : ballot.dataset.left;
    ballot.querySelector("[data-told]").textContent = words.replace("{count}", Math.abs(left));
    ballot.classList.toggle("over", left < 0);
  };
  document.querySelectorAll("form[data-ballot]").forEach((ballot) => {
    tell(ballot);
    ballot.addEventListener("change", () => tell(ballot));
  });

  /* ---- the address of this site, in a code to paste ---- */
  document.querySelectorAll("[data-origin]").forEach((place) => { place.textContent = window.location.origin; });

  /* ---- copy the address of the page ---- */
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!button || !navigator.clipboard) return;
    navigator.clipboard.writeText(window.location.href).then(() => say(button.dataset.copy), () => {});
  });
})();
