// The public card. Everything but these works without script: the bar, sharing, copying, help inside other apps.
import { copy } from "./copy-text.js";

const save = document.getElementById("save");
const bar = document.querySelector(".vc-bar");

if (bar && "IntersectionObserver" in window) {
  bar.classList.add("is-sticky");
  new IntersectionObserver(([entry]) => bar.classList.toggle("is-shown", !entry.isIntersecting)).observe(save);
}

for (const button of document.querySelectorAll("[data-share], [data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => act(button));
}

async function act(button) {
  const { share, title, copy: text = share } = button.dataset;
  if (share && navigator.share) {
    await navigator.share({ title, url: share }).catch(() => {});
    return;
  }
  const word = button.querySelector("span") ?? button;
  const before = word.textContent;
  word.textContent = (await copy(text)) ? button.dataset.done : text;
  setTimeout(() => { word.textContent = before; }, 2500);
}

// A browser inside another app, which fetches contact files and shows nothing.
const agent = navigator.userAgent;
const isApple = /iPhone|iPad|iPod/.test(agent) && !agent.includes("Safari/") && !navigator.standalone;
const names = /; wv\)|Instagram|FBAN\/|FBAV\/|FB_IAB|musical_ly|Bytedance|LinkedIn|Snapchat|Line\/|Twitter|GSA\//;
if (isApple || names.test(agent)) document.getElementById("help")?.setAttribute("open", "");
