// <sortable-list>: rows that are added, moved by handle, buttons and keys, and removed with a way back.
import { fill, say } from "./words.js";

const NUMBERED = ["name", "id", "for", "aria-describedby", "data-note", "data-list", "data-prefix"];
const WAY_BACK = 10_000;
const EDGE = 96; // where dragging scrolls the page

// Where a new row takes the focus; a link begins with its network.
const FIRST = { links: ".kind" };

class SortableList extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector(":scope > ol");
    this.blank = this.querySelector(":scope > template")?.content.querySelector("[data-row]"); // some lists are only moved about
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("pointerdown", (event) => this.lift(event));
    for (const news of ["input", "change"]) this.addEventListener(news, () => this.label());
    this.number();
  }

  get rows() { return [...this.list.children].filter((row) => row.matches("[data-row]")); }

  // Appends a row; values are by the last part of their names.
  add(values = {}) {
    const row = this.blank.cloneNode(true);
    row.classList.add("is-new");
    this.list.append(row);
    for (const [name, value] of Object.entries(values)) row.querySelector(`[name$="-${name}"]`).value = value;
    this.number();
    return row;
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button || button.closest("sortable-list") !== this) return;
    const row = button.closest("[data-row]");
    if (button.matches(".add")) this.add().querySelector(FIRST[this.dataset.list] ?? ".item-body :is(input, textarea)").focus();
    else if (button.matches(".up")) this.move(row, -1, button);
    else if (button.matches(".down")) this.move(row, 1, button);
    else if (button.matches(".remove")) this.remove(row);
    else return;
    event.preventDefault();
  }

  key(event) {
    const grip = event.target.closest(".grip");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!grip || !step) return;
    event.preventDefault();
    this.move(grip.closest("[data-row]"), step, grip);
  }

  // The neighbour is moved, not the row: so the row keeps focus and pointer.
  move(row, step, button) {
    const rows = this.rows;
    const other = rows[rows.indexOf(row) + step];
    if (other && step < 0) row.after(other);
    if (other && step > 0) row.before(other);
    if (other) this.changed();
    this.sayPlace(row);
    button.scrollIntoView({ block: "nearest" });
  }

  sayPlace(row) {
    const rows = this.rows;
    say(fill(this.dataset.moved, { name: this.nameOf(row), place: rows.indexOf(row) + 1, count: rows.length }));
  }

  remove(row) {
    const name = this.nameOf(row);
    const isBlank = [...row.querySelectorAll("input, textarea")].every((field) => field.type === "checkbox" || !field.value);
    const next = row.nextElementSibling?.querySelector(".remove") ?? this.querySelector(":scope > .add");
    if (isBlank) {
      row.remove();
      next.focus();
      return this.changed();
    }
    const undo = Object.assign(document.createElement("li"), { className: "undo" });
    const words = Object.assign(document.createElement("span"), { textContent: fill(this.dataset.removed, { name }) });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button is-plain", textContent: this.dataset.undo });
    undo.append(words, button);
    row.replaceWith(undo);
    button.focus();
    say(words.textContent);
    this.changed();
    const forget = () => {
      if (undo.contains(document.activeElement)) return undo.addEventListener("focusout", forget, { once: true });
      return undo.remove();
    };
    const timer = setTimeout(forget, WAY_BACK);
    button.addEventListener("click", () => {
      clearTimeout(timer);
      undo.replaceWith(row);
      row.querySelector(".remove").focus();
      say(fill(this.dataset.back, { name }));
      this.changed();
    });
  }

  lift(event) {
    const grip = event.target.closest(".grip");
    if (!grip || event.button || grip.closest("sortable-list") !== this) return;
    event.preventDefault();
    grip.focus();
    grip.setPointerCapture(event.pointerId);
    const row = grip.closest("[data-row]");
    const first = this.rows.indexOf(row);
    let y = event.clientY;
    let frame = requestAnimationFrame(function scroll() {
      const over = Math.max(0, y - (innerHeight - EDGE)) - Math.max(0, EDGE - y);
      if (over) scrollBy(0, over / 6);
      frame = requestAnimationFrame(scroll);
    });
    row.classList.add("is-lifted");
    grip.onpointermove = (moved) => {
      y = moved.clientY;
      const rows = this.rows;
      const place = rows.indexOf(row);
      const middle = (other) => other && other.getBoundingClientRect().top + other.offsetHeight / 2;
      if (y < middle(rows[place - 1])) row.after(rows[place - 1]);
      else if (y > middle(rows[place + 1])) row.before(rows[place + 1]);
    };
    grip.onlostpointercapture = () => {
      cancelAnimationFrame(frame);
      grip.onpointermove = grip.onlostpointercapture = null;
      row.classList.remove("is-lifted");
      if (this.rows.indexOf(row) !== first) {
        this.changed();
        this.sayPlace(row);
      }
    };
  }

  changed() {
    this.number();
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Fields are called by their places, as the form without script calls them.
  number() {
    const { prefix, list } = this.dataset;
    const places = new RegExp(`(^|[\\s:])(${prefix}-|${list}:)\\d+`, "g");
    this.rows.forEach((row, place) => {
      if (row.dataset.place !== String(place)) renumber(row, places, place);
      row.dataset.place = place;
    });
    this.label();
    const add = this.querySelector(":scope > .add");
    if (add) add.hidden = this.rows.length >= Number(this.dataset.most ?? 100);
  }

  label() {
    const rows = this.rows;
    rows.forEach((row, place) => {
      const name = this.nameOf(row);
      for (const tool of row.querySelectorAll(":scope > .item-head [data-label]")) tool.setAttribute("aria-label", fill(tool.dataset.label, { name }));
      row.querySelector(":scope > .item-head .up")?.setAttribute("aria-disabled", String(place === 0));
      row.querySelector(":scope > .item-head .down")?.setAttribute("aria-disabled", String(place === rows.length - 1));
      const grip = row.querySelector(":scope > .item-head .grip");
      if (grip) grip.hidden = rows.length < 2;
    });
  }

  nameOf(row) {
    const naming = row.querySelector("[data-naming]");
    if (!naming) return [...row.querySelectorAll("input")].map((field) => field.value).join(" – ");
    if (naming.dataset.name) return naming.dataset.name;
    const text = naming.matches("select") && naming.value ? naming.selectedOptions[0].text : naming.value || row.querySelector("input[type=text]")?.value || "";
    return text.slice(0, 60) || this.dataset.nameless;
  }
}

function renumber(root, places, place) {
  for (const part of [root, ...root.querySelectorAll(":not(option, optgroup, svg, svg *)")]) {
    for (const name of NUMBERED) rename(part, name, places, place);
    if (part.matches("button")) rename(part, "value", places, place);
    if (part.matches("template")) for (const child of part.content.children) renumber(child, places, place);
  }
}

function rename(part, name, places, place) {
  const value = part.getAttribute(name);
  if (value && places.test(value)) part.setAttribute(name, value.replace(places, `$1$2${place}`));
  places.lastIndex = 0;
}

customElements.define("sortable-list", SortableList);
