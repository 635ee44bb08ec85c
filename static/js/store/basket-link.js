// <basket-link data-shop="id">: how many pieces are in the basket. Pages of a shop are the same for everybody, so the number is
// this browser's own note; pages that know it (data-pieces) write it down.
class BasketLink extends HTMLElement {
  connectedCallback() {
    if (this.dataset.pieces !== undefined) keep(this.dataset.shop, this.dataset.pieces);
    this.show = () => this.draw(kept(this.dataset.shop));
    for (const name of ["pageshow", "storage", "basket"]) addEventListener(name, this.show);
    this.show();
  }

  disconnectedCallback() {
    for (const name of ["pageshow", "storage", "basket"]) removeEventListener(name, this.show);
  }

  draw(pieces) {
    const number = this.querySelector("b");
    number.hidden = !pieces;
    number.textContent = pieces > 999 ? "999+" : pieces;
  }
}

export function keep(shop, pieces) {
  try {
    if (Number(pieces)) localStorage.setItem(`basket ${shop}`, pieces);
    else localStorage.removeItem(`basket ${shop}`); // who only looks has nothing kept
  } catch { /* storage is off: the number is not shown */ }
  dispatchEvent(new Event("basket"));
}

function kept(shop) {
  try {
    return Number(localStorage.getItem(`basket ${shop}`)) || 0;
  } catch {
    return 0;
  }
}

customElements.define("basket-link", BasketLink);
