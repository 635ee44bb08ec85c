// What address books will hold otherwise than it was typed.
import { fill } from "./words.js";

const element = (name, className, ...parts) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...parts);
  return made;
};

export function showKept(form, kept) {
  const list = form.querySelector("[data-kept]");
  if (!list) return;
  list.hidden = kept.length === 0;
  list.replaceChildren(...kept.map((one) => {
    const title = element("p", "row-title", element("bdi", "", one.after || list.dataset.lost));
    const note = element("p", "row-note", fill(list.dataset.label, { field: one.label }), " ", element("bdi", "", one.before));
    return element("li", "row", element("div", "row-main", title, note));
  }));
}
