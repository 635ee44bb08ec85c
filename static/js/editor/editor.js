// Table of contents of the editor's scripts. The form is whole without them.
import "./card-editor.js";
import "./colour-field.js";
import "./hours-week.js";
import "./live-card.js";
import "./paste-box.js";
import "./picture-crop.js";
import "./picture-field.js";
import "./slug-field.js";
import "./sortable-list.js";
import "./theme-gallery.js";
