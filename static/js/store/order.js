// What an order's own page uses. It works without it.
import "../public.js";
import "../submit-once.js";
import "./basket-link.js";
