// What the server says about fields: errors only beside those that were left, notes at once.
import { showKept } from "./kept-list.js";
import { say } from "./words.js";

const left = new WeakSet();
let errors = {};

// What the page itself came with.
export function remember(form) {
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    left.add(control);
    errors[control.name] = document.getElementById(`${control.id}-error`)?.textContent ?? "";
  }
}

export function leave(control) {
  if (control.value || control.defaultValue) left.add(control); // passing by an empty field is no mistake
  show(control);
}

export function leaveAll(form) {
  for (const control of form.elements) {
    left.add(control);
    show(control);
  }
}

export function take(form, answer) {
  errors = answer.errors;
  for (const control of form.elements) {
    show(control);
    note(control, answer.notes[control.name]);
  }
  for (const section of form.querySelectorAll(".section")) {
    const isWrong = section.querySelector("[aria-invalid]") !== null;
    section.classList.toggle("is-wrong", isWrong);
    section.classList.toggle("is-filled", answer.filled.includes(section.id));
    if (isWrong) section.removeAttribute("name"); // never closed over an error
    else if (!section.open) section.setAttribute("name", "section");
  }
  for (const state of form.querySelectorAll("[data-state]")) state.textContent = answer.sections[state.dataset.state];
  showKept(form, answer.kept);
}

function show(control) {
  const slot = control.name && control.name !== "paste" && document.getElementById(`${control.id}-error`);
  if (!slot) return;
  const text = left.has(control) ? errors[control.name] ?? "" : "";
  if (slot.textContent === text) return;
  slot.textContent = text;
  if (text) {
    control.setAttribute("aria-invalid", "true");
    say(text);
  } else {
    control.removeAttribute("aria-invalid");
  }
}

function note(control, answer) {
  const slot = control.name && document.getElementById(`${control.id}-note`);
  if (!slot || !slot.dataset.note) return;
  const parts = [];
  if (answer?.text) parts.push(Object.assign(document.createElement("span"), { className: "is-doubtful", textContent: answer.text }));
  if (answer?.shown && answer.shown !== control.value) parts.push(Object.assign(document.createElement("bdi"), { textContent: answer.shown }));
  for (const words of answer?.said ?? []) parts.push(Object.assign(document.createElement("span"), { className: "is-said", textContent: words }));
  if (answer?.href && !answer.href.startsWith("tel:")) {
    const words = control.form.closest("card-editor").dataset.try;
    parts.push(Object.assign(document.createElement("a"), { href: answer.href, target: "_blank", rel: "noopener", textContent: words }));
  }
  slot.replaceChildren(...parts);
}
