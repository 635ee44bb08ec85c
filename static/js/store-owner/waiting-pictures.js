// Pictures that are still being made take their places in the list as soon as they are ready.
const EVERY = 1500;
const TRIES = 12;

const waiting = () => [...document.querySelectorAll(".ware-face")].filter((face) => face.querySelector(".is-waiting"));

async function look(left) {
  const page = await fetch(location.href).catch(() => null);
  if (page?.ok) {
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    for (const face of waiting()) {
      const other = fresh.getElementById(face.closest(".ware").id)?.querySelector(".ware-face");
      if (other && !other.querySelector(".is-waiting")) face.replaceWith(other);
    }
  }
  if (left > 1 && waiting().length) setTimeout(look, EVERY, left - 1);
}

if (waiting().length) setTimeout(look, EVERY, TRIES);
