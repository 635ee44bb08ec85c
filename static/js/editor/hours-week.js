// <hours-week>: Monday's hours are written once.
import { say } from "./words.js";

class HoursWeek extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-copy-monday]");
    button.hidden = false;
    button.addEventListener("click", () => {
      const [monday, ...others] = this.querySelectorAll("sortable-list");
      const spans = monday.rows.map((row) => [...row.querySelectorAll("input")].map((field) => field.value));
      for (const day of others.slice(0, 4)) {
        day.list.replaceChildren();
        for (const [start, end] of spans) day.add({ start, end });
      }
      monday.changed();
      say(button.dataset.done);
    });
  }
}

customElements.define("hours-week", HoursWeek);
