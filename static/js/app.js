// Table of contents of the scripts: what every page of the app may use. Each page works without them.
import "./public.js";
import "./submit-once.js";

document.querySelector("[data-focus]")?.focus();
document.querySelector("form[data-go-on]")?.requestSubmit();
