// The public card, in one request; the app's own pages use its copy and share buttons too.
// <button hidden data-copy="text" data-done="Copied">…</button> (or data-copies="id of what holds the text"), <button hidden data-share="address" data-title data-done>…</button>

for (const button of document.querySelectorAll("[data-share], [data-copy], [data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => act(button));
}

async function act(button) {
  const { share, title, copies } = button.dataset;
  const text = copies ? document.getElementById(copies).textContent : button.dataset.copy ?? share;
  if (share && navigator.share) {
    await navigator.share({ title, url: share }).catch(() => {});
    return;
  }
  const word = button.querySelector("span") ?? button;
  const before = word.textContent;
  word.textContent = (await copy(text)) ? button.dataset.done : text;
  setTimeout(() => { word.textContent = before; }, 2500);
}

// The clipboard belongs to HTTPS; over plain HTTP the old way still works.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "unseen" });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

// The bar in thumb's reach shows while the Save button is out of sight.
const save = document.getElementById("save");
const bar = document.querySelector(".vc-bar");

if (save && bar && "IntersectionObserver" in window) {
  bar.classList.add("is-sticky");
  new IntersectionObserver(([entry]) => bar.classList.toggle("is-shown", !entry.isIntersecting)).observe(save);
}

// A browser inside another app, which fetches contact files and shows nothing.
const agent = navigator.userAgent;
const isApple = /iPhone|iPad|iPod/.test(agent) && !agent.includes("Safari/") && !navigator.standalone;
const names = /; wv\)|Instagram|FBAN\/|FBAV\/|FB_IAB|musical_ly|Bytedance|LinkedIn|Snapchat|Line\/|Twitter|GSA\//;
if (isApple || names.test(agent)) document.getElementById("help")?.setAttribute("open", "");
