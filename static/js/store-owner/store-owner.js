// Table of contents of the seller's scripts. The pages are whole without them.
import "../editor/sortable-list.js";
import "./arranged-list.js";
import "./order-watch.js";
import "./product-photos.js";
import "./waiting-pictures.js";

for (const field of document.querySelectorAll("[data-submits]")) field.addEventListener("change", () => field.form.requestSubmit());
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
