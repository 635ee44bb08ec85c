// A form that is under way is not sent a second time; coming back by the history makes it ready again.
const busy = new WeakSet();

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  if (busy.has(event.target)) event.preventDefault();
  busy.add(event.target);
  setTimeout(() => busy.delete(event.target), 8000);
});

addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) busy.delete(form);
});
