// Pictures that are still being made take their places in the list as soon as they are ready.
const FIRST = 1500; // milliseconds
const LAST = 60_000;

const waiting = () => [...document.querySelectorAll(".ware-face")].filter((face) => face.querySelector(".is-waiting"));

async function look(pause) {
  const page = await fetch(location.href).catch(() => null);
  if (page?.ok) {
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    for (const face of waiting()) {
      const other = fresh.getElementById(face.closest(".ware").id)?.querySelector(".ware-face");
      if (other && !other.querySelector(".is-waiting")) face.replaceWith(other);
    }
  }
  if (pause < LAST && waiting().length) setTimeout(look, pause * 1.25, pause * 1.25); // some four minutes in all
}

if (waiting().length) setTimeout(look, FIRST, FIRST);
