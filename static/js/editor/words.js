// Texts come translated from the page; script fills their gaps and says them aloud.
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);

let region;

export function say(text) {
  if (!region) {
    region = document.createElement("div");
    region.className = "unseen";
    region.setAttribute("aria-live", "polite");
    document.body.append(region);
  }
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 60);
}
