// The strip over the view: what part of everything is shown, to be dragged and resized.

const LEAST = 0.004; // of the strip's width
const KEY_STEP = 0.01;

export class Overview {
  /** @param {HTMLElement} element the strip @param {(view: object) => void} moved */
  constructor(element, moved) {
    this.moved = moved;
    this.brush = document.createElement("div");
    this.brush.className = "brush";
    this.handles = ["start", "end"].map((side) => {
      const handle = document.createElement("span");
      handle.className = `brush__handle brush__handle--${side}`;
      handle.tabIndex = 0;
      handle.setAttribute("role", "slider");
      handle.addEventListener("keydown", (event) => this.onKey(event, side));
      this.brush.append(handle);
      return handle;
    });
    this.attach(element);
  }

  attach(element) {
    const box = element?.querySelector("[data-overview]");
    if (!box) return;
    this.box = box;
    this.start = Number(box.dataset.start);
    this.end = Number(box.dataset.end);
    this.handles[0].setAttribute("aria-label", box.dataset.startLabel);
    this.handles[1].setAttribute("aria-label", box.dataset.endLabel);
    if (this.brush.parentElement !== box) {
      box.append(this.brush);
      this.brush.addEventListener("pointerdown", (event) => this.onDown(event));
    }
  }

  share(day) {
    return (day - this.start) / (this.end - this.start);
  }

  day(share) {
    return this.start + share * (this.end - this.start);
  }

  show(view) {
    if (!this.box) return;
    this.view = view;
    const left = Math.min(Math.max(this.share(view.start), 0), 1);
    const right = Math.min(Math.max(this.share(view.end), 0), 1);
    this.brush.style.left = `${left * 100}%`;
    this.brush.style.width = `${Math.max(right - left, LEAST) * 100}%`;
    const format = new Intl.DateTimeFormat(document.documentElement.lang, {
      timeZone: "UTC", day: "numeric", month: "long", year: "numeric",
    });
    [view.start, view.end].forEach((day, at) => {
      const handle = this.handles[at];
      handle.setAttribute("aria-valuemin", String(Math.round(Math.min(this.start, view.start))));
      handle.setAttribute("aria-valuemax", String(Math.round(Math.max(this.end, view.end))));
      handle.setAttribute("aria-valuenow", String(Math.round(day)));
      handle.setAttribute("aria-valuetext", format.format((Math.floor(day) - 719163) * 86400000));
    });
  }

  onKey(event, side) {
    const step = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP, ArrowDown: -KEY_STEP, ArrowUp: KEY_STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.resize(side, step);
  }

  resize(side, step) {
    const least = LEAST * (this.end - this.start);
    const day = this.view[side] + step * (this.end - this.start);
    const view = { ...this.view, [side]: day };
    if (view.end - view.start >= least) this.moved(view);
  }

  onDown(event) {
    event.preventDefault();
    const side = event.target.className.includes("--start") ? "start"
      : event.target.className.includes("--end") ? "end" : null;
    const width = this.box.clientWidth;
    let before = event.clientX;
    const onMove = (move) => {
      const step = (move.clientX - before) / width;
      before = move.clientX;
      if (side) this.resize(side, step);
      else {
        const days = step * (this.end - this.start);
        this.moved({ start: this.view.start + days, end: this.view.end + days });
      }
    };
    const onUp = () => {
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerup", onUp);
      removeEventListener("pointercancel", onUp);
    };
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onUp);
    addEventListener("pointercancel", onUp);
  }
}
