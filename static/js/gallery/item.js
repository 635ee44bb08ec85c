// The page of one picture: arrow keys lead to the ones beside it.
import "./video-player.js";

document.querySelector("[data-large]").hidden = false;
const isRtl = document.documentElement.dir === "rtl";
const ways = isRtl ? { ArrowLeft: "next", ArrowRight: "prev" } : { ArrowLeft: "prev", ArrowRight: "next" };

addEventListener("keydown", (event) => {
  const way = ways[event.key];
  if (!way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest("video, iframe, input")) return;
  document.querySelector(`a[rel="${way}"]`)?.click();
});
