// Table of contents of the scripts on the owner's pages of booking. The pages are whole without them.
import "../editor/sortable-list.js";
import "./copies.js";

// A link to a folded part opens it.
function unfold() {
  const part = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (part && part.matches("details")) part.open = true;
}

addEventListener("hashchange", unfold);
unfold();
