// What the pages of a shop use. Each of them works without it.
import "./basket-link.js";
import "./add-form.js";
import "./quantity-field.js";
import "./shop-search.js";
import "./basket-form.js";
