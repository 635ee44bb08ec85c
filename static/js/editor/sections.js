// Sections of the form: one open at a time (the page's own doing), kept in place under the finger; form or preview.
const quiet = matchMedia("(prefers-reduced-motion: reduce)");

export function watchSections(editor) {
  editor.addEventListener("click", (event) => {
    const summary = event.target.closest(".section > summary");
    if (summary) stay(summary);
    const view = event.target.closest("[data-view]");
    if (view) {
      event.preventDefault();
      showView(editor, view.dataset.view);
    }
  });
}

// Opens what a field stands in and goes there; false if there is no such field.
export function openField(editor, id) {
  const field = document.getElementById(id) ?? editor.querySelector(`[data-list="${CSS.escape(id)}"] [data-row] [name]`);
  if (!field || !editor.contains(field)) return false;
  showView(editor, "form");
  for (let part = field; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  const target = field.matches(".section") ? field.querySelector("summary") : visible(field);
  target.scrollIntoView({ block: "center", behavior: quiet.matches ? "auto" : "smooth" });
  target.focus({ preventScroll: true });
  return true;
}

function visible(field) {
  return field.offsetParent ? field : field.closest("picture-field")?.querySelector("button:not([hidden])") ?? field;
}

function showView(editor, view) {
  const isPreview = view === "preview";
  if (editor.classList.contains("shows-preview") === isPreview) return;
  const came = scrollY;
  editor.classList.toggle("shows-preview", isPreview);
  scrollTo(0, editor.place ?? 0);
  editor.place = came;
  for (const link of editor.querySelectorAll("[data-view]")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (isPreview) editor.dispatchEvent(new Event("card-shown"));
}

// The section that closes above must not carry away the one that opens.
function stay(summary) {
  const before = summary.getBoundingClientRect().top;
  requestAnimationFrame(() => {
    scrollBy(0, summary.getBoundingClientRect().top - before);
    if (summary.parentElement.open && before > innerHeight * 0.4) {
      scrollBy({ top: before - 16, behavior: quiet.matches ? "auto" : "smooth" });
    }
  });
}
