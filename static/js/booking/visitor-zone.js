// <visitor-zone data-zone="Europe/Vienna">: asks for the page once more by the browser's own clock, unless a zone was chosen; a
// zone that is chosen in its list is shown at once.
class VisitorZone extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    select?.addEventListener("change", () => select.form.requestSubmit());
    const here = new URL(location.href);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || zone === this.dataset.zone || here.searchParams.has("zone") || select) return;
    here.searchParams.set("zone", zone);
    location.replace(here);
  }
}

customElements.define("visitor-zone", VisitorZone);
