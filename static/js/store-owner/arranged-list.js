// A sortable-list with data-arrange sends the new order of its rows as soon as one has moved, one request after the other.
import { say } from "../editor/words.js";

const WAIT = 400;

for (const list of document.querySelectorAll("sortable-list[data-arrange]")) {
  let timer;
  let last = Promise.resolve();
  list.addEventListener("change", (event) => {
    if (event.target !== list) return;
    clearTimeout(timer);
    timer = setTimeout(() => { last = last.then(send); }, WAIT);
  });

  const send = async () => {
    const body = new FormData();
    body.append("csrf_token", list.closest("form").elements.csrf_token.value);
    for (const row of list.rows) body.append("ids", row.dataset.id);
    const answer = await fetch(list.dataset.arrange, { method: "POST", body, keepalive: true }).catch(() => null);
    if (!answer?.ok) say(list.dataset.failed);
    list.dataset.saved = String(Boolean(answer?.ok));
  };
}
