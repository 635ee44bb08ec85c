// What the checkout uses. It works without it.
import "../submit-once.js";
import "./checkout-form.js";
