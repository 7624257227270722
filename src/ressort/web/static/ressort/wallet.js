/* The wallet: install, read a code with the camera, learn that a request is paid. Each page works without it. */
(() => {
  "use strict";
  const worker = document.querySelector("[data-worker]");
  if (worker && "serviceWorker" in navigator) navigator.serviceWorker.register(worker.dataset.worker, { scope: worker.dataset.scope }).catch(() => {});

  /* ---- camera: only where the browser reads codes itself ---- */
  const box = document.getElementById("camera");
  if (box && "BarcodeDetector" in window && navigator.mediaDevices) {
    const button = box.querySelector("button");
    const video = box.querySelector("video");
    const told = box.querySelector("[role=status]");
    box.hidden = false;
    let stream = null;
    const stop = () => { if (stream) stream.getTracks().forEach((track) => track.stop()); stream = null; video.hidden = true; };
    const use = (text, detector) => {
      const field = document.getElementById(box.dataset.field);
      if (box.dataset.many) { /* two codes, one after the other */
        const seen = field.value.split(/\s+/).filter(Boolean);
        if (!seen.includes(text)) { seen.push(text); field.value = seen.join("\n"); }
        if (seen.length < 2) { requestAnimationFrame(() => look(detector)); return; }
      } else field.value = text;
      stop();
      if (box.dataset.send) field.form.submit(); else field.focus();
    };
    const look = async (detector) => {
      if (!stream) return;
      const found = await detector.detect(video).catch(() => []);
      if (found.length) use(found[0].rawValue, detector); else requestAnimationFrame(() => look(detector));
    };
    button.addEventListener("click", async () => {
      if (stream) { stop(); return; }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        video.srcObject = stream;
        video.hidden = false;
        await video.play();
        look(new BarcodeDetector({ formats: ["qr_code"] }));
      } catch { stop(); told.textContent = box.dataset.failed; }
    });
    window.addEventListener("pagehide", stop);
  }

  /* ---- a request that waits: asked every two seconds, while it may still be paid ---- */
  const waiting = document.querySelector("#waiting[data-state]");
  if (waiting) {
    const until = Number(waiting.dataset.until) * 1000;
    const again = () => {
      if (Date.now() > until) { waiting.textContent = waiting.dataset.late; return; }
      fetch(waiting.dataset.state, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : { paid: false }))
        .then((state) => { if (state.paid) { waiting.textContent = waiting.dataset.paid; waiting.className = "notice success"; } else setTimeout(again, 2000); })
        .catch(() => setTimeout(again, 5000));
    };
    setTimeout(again, 2000);
  }

  /* ---- a code that dies: the seconds it has left ---- */
  const clock = document.getElementById("seconds");
  if (clock) {
    const end = Date.now() + Number(clock.dataset.seconds) * 1000;
    const tick = () => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      clock.textContent = String(left);
      if (left) setTimeout(tick, 500); else document.getElementById("shown").hidden = true;
    };
    tick();
  }
})();
