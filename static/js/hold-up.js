// Keep the screen awake while the code is held up; browsers let go of it whenever the page is left.
// <button hidden data-keep="address of the worker" data-done="…"><span>…</span></button> keeps this page for places without a network.
async function stayAwake() {
  if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen").catch(() => {});
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();

const button = document.querySelector("[data-keep]");
const page = location.origin + location.pathname;

async function keep() {
  await navigator.serviceWorker.register(button.dataset.keep, { scope: location.pathname });
  await navigator.serviceWorker.ready;
  say();
}

function say() {
  button.querySelector("span").textContent = button.dataset.done;
  button.disabled = true;
}

if (button && "serviceWorker" in navigator) {
  if (await navigator.serviceWorker.getRegistration(page)) say(); // this page, or the whole card by its owner
  button.hidden = false;
  button.addEventListener("click", keep);
}
