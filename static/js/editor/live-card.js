// <live-card>: the real page of the draft, renewed after each save without a flash; a tap on a part opens its field.
import { openField } from "./sections.js";

const HINTS = "[data-part]{cursor:pointer}[data-part]:hover{outline:2px solid var(--color-accent);outline-offset:2px}a{cursor:pointer}";

class LiveCard extends HTMLElement {
  connectedCallback() {
    this.editor = this.closest("card-editor");
    this.take(this.querySelector("iframe"));
    for (const news of ["card-saved", "card-shown"]) this.editor.addEventListener(news, () => this.renew());
  }

  take(frame) {
    this.frame = frame;
    frame.addEventListener("load", () => this.ready(frame));
    if (frame.contentDocument?.readyState === "complete") this.ready(frame);
  }

  ready(frame) {
    const page = frame.contentDocument;
    if (!page?.body || page.URL === "about:blank") return;
    page.addEventListener("click", (event) => this.tap(event), true);
    const style = new page.defaultView.CSSStyleSheet();
    style.replaceSync(HINTS);
    page.adoptedStyleSheets = [style];
  }

  // The new page is drawn behind the present one, scrolled to the same place, then it takes over.
  renew() {
    if (!this.offsetParent) return;
    this.next?.remove();
    const next = this.frame.cloneNode();
    next.removeAttribute("loading");
    next.classList.add("is-coming");
    next.addEventListener("load", () => {
      if (next !== this.next) return;
      const top = this.frame.contentDocument?.scrollingElement?.scrollTop ?? 0;
      next.contentDocument?.scrollingElement?.scrollTo(0, top);
      next.classList.remove("is-coming");
      this.frame.remove();
      this.next = null;
      this.take(next);
    }, { once: true });
    this.next = next;
    this.append(next);
  }

  tap(event) {
    const summary = event.target.closest("summary");
    if (!summary) event.preventDefault();
    const link = event.target.closest("a");
    const found = link && this.fieldOf(link);
    const part = event.target.closest("[data-part]")?.dataset.part;
    if (found) openField(this.editor, found.id);
    else if (part) openField(this.editor, { photo: "photo_file", logo: "logo_file", cover: "cover_file" }[part] ?? part);
  }

  // Rows of the card lead to the row of the form that says the same.
  fieldOf(link) {
    const digits = (text) => text.replace(/\D/g, "").slice(-6);
    const href = link.getAttribute("href");
    const fields = [...this.editor.querySelectorAll("[data-row] input")];
    if (href.startsWith("tel:")) return fields.find((field) => field.type === "tel" && digits(field.value) === digits(href.split(",")[0]));
    if (href.startsWith("mailto:")) return fields.find((field) => field.type === "email" && field.value && href.includes(encodeURI(field.value)));
    return fields.find((field) => document.getElementById(`${field.id}-note`)?.querySelector("a")?.href === link.href);
  }
}

customElements.define("live-card", LiveCard);
