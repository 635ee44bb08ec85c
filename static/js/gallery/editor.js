// Table of contents of an album's page for its owner. Each part works without script.
import "../editor/sortable-list.js";
import "./album-editor.js";
import "./picture-uploader.js";
