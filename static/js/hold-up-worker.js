// Gives what its owner keeps for places without a network: the page to hold up, or a whole card with its code and contact.
// All else goes its usual way, and with a network nothing old is shown. What it keeps is fetched anew whenever one of the pages is opened.
const PATIENCE = 3000;
const home = self.registration.scope;
const isCard = !/\/qr(-contact)?$/.test(home);
const pages = isCard ? [home, `${home}/qr`, `${home}.vcf`] : [home];

self.addEventListener("install", (event) => { self.skipWaiting(); event.waitUntil(renew()); });
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isPage = pages.includes(bare(request.url));
  if (request.method !== "GET" || !(isPage || (request.mode !== "navigate" && isOurs(request.url)))) return;
  const answered = answer(request);
  event.respondWith(answered.then(([response]) => response));
  if (isPage && request.mode === "navigate") event.waitUntil(answered.then(([, isFresh]) => isFresh && renew().catch(() => {})));
});

const bare = (url) => url.split(/[?#]/)[0];
const isOurs = (url) => /^\/(static|media)\/|\/qr\.svg$/.test(new URL(url).pathname) && new URL(url).origin === location.origin;

async function answer(request) {
  try {
    return [await fetch(request, { signal: AbortSignal.timeout(PATIENCE) }), true];
  } catch {
    const kept = await caches.open(home);
    return [(await kept.match(request, { ignoreSearch: true, ignoreVary: true })) ?? Response.error(), false];
  }
}

// All or nothing: pages and what they show belong together.
async function renew() {
  const found = new Map();
  const take = async (url) => {
    const response = await fetch(url, { cache: "no-cache" });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    found.set(url, response);
    return response;
  };
  const texts = await Promise.all(pages.map(async (url) => (await take(url)).clone().text()));
  const shown = texts.join("\n").match(/\/(?:static|media)\/[\w./-]+\.\w+/g) ?? [];
  const parts = new Set([...shown, ...(isCard ? [`${new URL(home).pathname}/qr.svg`] : [])]);
  await Promise.all([...parts].map((path) => take(new URL(path, home).href).catch(() => {})));
  const kept = await caches.open(home);
  await Promise.all([...found].map(([url, response]) => kept.put(url, response)));
  for (const request of await kept.keys()) if (!found.has(request.url)) await kept.delete(request);
}
