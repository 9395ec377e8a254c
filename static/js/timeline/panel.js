// An event beside the timeline: its page's own article, in a dialog that gives the focus back.

export class Panel {
  /** @param {HTMLDialogElement} dialog @param {(id: number | null) => void} changed */
  constructor(dialog, changed) {
    this.dialog = dialog;
    this.body = dialog.querySelector("[data-body]");
    this.changed = changed;
    this.quiet = false;
    dialog.addEventListener("close", () => {
      if (!this.quiet) this.changed(null);
      this.quiet = false;
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
      const card = event.target.closest(".entry__title a")?.closest("[data-event]");
      if (card && !event.metaKey && !event.ctrlKey) {
        event.preventDefault();
        this.open(Number(card.dataset.event));
      }
    });
  }

  /** @param {number} id @param {boolean} quiet the address says so already */
  async open(id, quiet = false) {
    const known = new URLSearchParams(location.search).get("known");
    const url = this.dialog.dataset.url.replace("/0/", `/${id}/`) + (known ? `?known=${known}` : "");
    this.body.setAttribute("aria-busy", "true");
    if (!this.dialog.open) this.dialog.showModal();
    if (!quiet) this.changed(id);
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(String(response.status));
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const article = page.querySelector("article.event");
      for (const entry of article.querySelectorAll("[data-event]")) entry.removeAttribute("id");
      const title = article.querySelector("h1");
      const link = document.createElement("a");
      link.href = response.url;
      link.append(...title.childNodes);
      title.append(link);
      this.body.replaceChildren(article);
      this.dialog.scrollTop = 0;
    } catch {
      const words = document.createElement("p");
      words.className = "notice notice--error";
      words.textContent = this.dialog.dataset.error;
      this.body.replaceChildren(words);
    }
    this.body.removeAttribute("aria-busy");
  }

  close(quiet = false) {
    if (!this.dialog.open) return;
    this.quiet = quiet;
    this.dialog.close();
  }
}
