{% autoescape off %}/* Without network: the purse and the queue of a till, else a page that says so. Pages are kept as a stranger gets them: nothing of an account. */
"use strict";
const OURS = "ressort-wallet-{{ language|escapejs }}-";
const CACHE = OURS + "{{ version|escapejs }}";
const OFFLINE = "{{ offline|escapejs }}";
const PURSE = "{{ purse|escapejs }}";
const QUEUE = "{{ offline_queue|escapejs }}";
const READ = "{{ read|escapejs }}";
const PAGES = [OFFLINE, PURSE, QUEUE];
const FILES = [{% for one in kept %}"{{ one|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
/* without cookies, so that what is kept is nobody's; a page of maintenance is not kept */
const keep = async (cache, path) => {
  const answer = await fetch(new Request(path, { credentials: "omit", cache: "reload" }));
  if (!answer.ok) throw new Error(path);
  await cache.put(path, answer);
};
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all([...PAGES, ...FILES].map((path) => keep(cache, path)))).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
const page = (path) => (path === PURSE || path === READ ? PURSE : path === QUEUE ? QUEUE : OFFLINE);
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const kept = (path) => caches.open(CACHE).then((cache) => cache.match(path));
  if (event.request.mode === "navigate") { event.respondWith(fetch(event.request).catch(() => kept(page(url.pathname)))); return; }
  if (FILES.includes(url.pathname)) event.respondWith(fetch(event.request).catch(() => kept(url.pathname)));
});{% endautoescape %}
