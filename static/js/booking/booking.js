// What the pages of booking use. Each of them works without it.
import "../submit-once.js";
import "./visitor-zone.js";

document.querySelector("[aria-invalid]")?.focus();
