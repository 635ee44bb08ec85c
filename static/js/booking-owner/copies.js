// [data-copies]: puts the text of a field into the clipboard.
import { say } from "../editor/words.js";

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return; // it is selected: a long press or Ctrl-C does it
    }
    button.querySelector("span").textContent = button.dataset.done;
    say(button.dataset.done);
  });
}
