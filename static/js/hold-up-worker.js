// Gives the page that somebody holds up, and its script, where there is no network; all else goes its usual way.
const PATIENCE = 3000;
const page = self.registration.scope;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isPage = request.mode === "navigate" && request.url.split(/[?#]/)[0] === page;
  if (isPage || request.destination === "script") event.respondWith(answer(request));
});

async function answer(request) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    const kept = await caches.open("hold-up");
    return (await kept.match(request, { ignoreSearch: true, ignoreVary: true })) ?? Response.error();
  }
}
