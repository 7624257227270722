{% autoescape off %}/* Without network, a page says so. Nothing of an account is kept. */
"use strict";
const CACHE = "ressort-wallet-{{ version|escapejs }}";
const OFFLINE = "{{ offline|escapejs }}";
const KEPT = [OFFLINE{% for one in kept %}, "{{ one|escapejs }}"{% endfor %}];
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("ressort-wallet-") && name !== CACHE).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== self.location.origin) return;
  if (event.request.mode === "navigate") { event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE))); return; }
  if (KEPT.includes(new URL(event.request.url).pathname)) event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
});{% endautoescape %}
