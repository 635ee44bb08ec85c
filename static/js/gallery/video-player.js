// <video-player>: nothing is loaded from the video's host before its button is pressed. Without script the button is a link to it.
class VideoPlayer extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[data-play]");
    this.button?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.play();
    });
  }

  play() {
    const { source, kind, title } = this.dataset;
    const player = document.createElement(kind ? "video" : "iframe");
    if (kind) Object.assign(player, { controls: true, autoplay: true, playsInline: true });
    else Object.assign(player, { allow: "autoplay; fullscreen; picture-in-picture; encrypted-media", allowFullscreen: true, referrerPolicy: "strict-origin-when-cross-origin" });
    player.title = title;
    player.src = source;
    this.replaceChildren(player);
    this.classList.add("is-playing");
    this.closest(".gal-one")?.classList.add("is-playing");
    player.focus();
  }
}

customElements.define("video-player", VideoPlayer);
