/* The map of an indicator. Its figures are those of the list below it; without JavaScript the list remains. */
(() => {
  "use strict";
  const box = document.getElementById("map");
  if (!box || !window.L) return;
  const rows = new Map([...document.querySelectorAll(".map-list tbody tr")].map((row) => [row.dataset.key, row]));
  const frame = (words) => {
    const [south, west, north, east] = words.split(",").map(Number);
    return [[south, west], [north, east]];
  };
  const map = L.map(box, { attributionControl: false, zoomSnap: 0.25, minZoom: 2, maxZoom: 14 });

  const label = (row) => {
    const told = document.createElement("div");
    const link = row.querySelector("a").cloneNode(true);
    const value = document.createElement("div");
    value.textContent = row.cells[1].textContent;
    told.append(link, value);
    return told;
  };
  const dress = (feature, layer) => {
    const row = rows.get(feature.id);
    if (!row) return;
    layer.bindTooltip(() => label(row), { sticky: true });
    layer.bindPopup(() => label(row));
  };
  const style = (feature) => {
    const row = rows.get(feature.id);
    return { className: `area c${row ? row.dataset.group : "x"}` };
  };

  fetch(box.dataset.contours)
    .then((answer) => { if (!answer.ok) throw new Error(answer.statusText); return answer.json(); })
    .then((shapes) => {
      const layer = L.geoJSON(shapes, { style, onEachFeature: dress });
      map.fitBounds(box.dataset.frame ? frame(box.dataset.frame) : layer.getBounds());
      layer.addTo(map);
      box.dataset.ready = "yes";
    })
    .catch(() => { box.textContent = box.dataset.failed; });
  document.querySelectorAll("button[data-frame]").forEach((button) => {
    button.addEventListener("click", () => { map.fitBounds(frame(button.dataset.frame)); box.focus(); });
  });
  const choice = document.getElementById("indicateur");
  if (choice) choice.addEventListener("change", () => choice.form.submit());
})();
