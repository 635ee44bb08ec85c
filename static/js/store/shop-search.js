// <shop-search>: the products that are on the page are found while one types; Enter asks the server, which finds the same.
class ShopSearch extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.found = this.querySelector(".shop-found");
    if (this.field.value) return; // the page holds what was found, and not the rest
    this.classList.add("is-live");
    this.goods = [...document.querySelectorAll(".good[data-words]")].map((one) => [one, folded(one.dataset.words)]);
    this.field.addEventListener("input", () => this.look());
    this.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.field.blur();
    });
  }

  look() {
    const words = folded(this.field.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const [one, text] of this.goods) {
      one.hidden = !words.every((word) => text.includes(word));
      if (!one.hidden) count += 1;
    }
    for (const shelf of document.querySelectorAll(".shelf")) {
      shelf.hidden = words.length > 0 && !shelf.querySelector(".good:not([hidden])");
    }
    document.querySelector(".shop-shelves")?.toggleAttribute("hidden", words.length > 0);
    const { none, found } = this.dataset;
    this.found.textContent = words.length ? (count ? found.replace("#", count) : none) : "";
  }
}

// As the server compares: without the difference of capitals, also where one letter becomes two.
function folded(text) {
  return text.toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

customElements.define("shop-search", ShopSearch);
