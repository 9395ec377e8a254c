// The interactive timeline: wires the pure parts to the page that the server rendered.

import { holdLate, watchLate } from "../late.js";
import { barsOf } from "./lanes.js";
import { download, svgOf } from "./export.js";
import { actionOf, neighbor } from "./keyboard.js";
import { Overview } from "./overview.js";
import { Panel } from "./panel.js";
import { Render } from "./render.js";
import { clamp, ordinalOf, pan, tilesOf, wordView, zoom } from "./scale.js";
import { formQuery, tileQuery, viewOf, withView } from "./state.js";
import { Tiles } from "./tiles.js";

const SETTLE = 400; // milliseconds of rest before the list and the address follow
const ASK = 90; // milliseconds of rest before tiles are asked for, when something is shown already
const TYPING = 250;
const STEP = 1.5; // of one zoom by button or key
const FRICTION = 0.92; // of what is left of a throw, each frame
const LIVE = ["count", "events", "facets", "lanes", "strip"];

class Timeline {
  constructor(root) {
    this.root = root;
    this.params = new URLSearchParams(location.search);
    this.status = root.querySelector("[data-status]");
    this.void = root.querySelector("[data-void]");
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.today = todayOrdinal();
    this.render = new Render(root, (id) => this.panel.open(id));
    this.panel = new Panel(document.querySelector("[data-panel]"), (id) => this.eventOpened(id));
    this.tiles = new Tiles(
      root.dataset.tiles,
      () => tileQuery(this.params, this.render.lanes().map(({ key }) => key)),
      () => this.draw(),
      (failed) => this.root.classList.toggle("is-offline", failed),
    );
    this.readWhole();
    this.view = clamp(viewOf(this.params, this.whole), this.limits);
    this.overview = new Overview(document.getElementById("strip"), (view) => this.go(view));
    this.listen();
    this.move(this.view);
    if (this.params.has("event")) this.panel.open(Number(this.params.get("event")), true);
  }

  /** The days that all events lie in, as the server drew them in the overview. */
  readWhole() {
    const { start, end, first, last } = document.getElementById("lanes").dataset;
    const margin = (Number(end) - Number(start)) * 0.02 + 1;
    this.whole = { start: Number(start) - margin, end: Number(end) + margin };
    const span = Number(last) - Number(first) + 2;
    this.limits = {
      start: Math.max(Math.min(Number(first), this.whole.start) - span * 0.1, 1),
      end: Math.min(Math.max(Number(last), this.whole.end) + span * 0.1, 3652059),
    };
    this.whole = clamp(this.whole, this.limits);
  }

  /** Show `view` now; the list and the address follow when it rests. */
  move(view) {
    this.view = view;
    this.schedule();
    clearTimeout(this.asking);
    const wanted = tilesOf(view);
    if (this.tiles.atHand(wanted).length) this.asking = setTimeout(() => this.tiles.want(wanted), ASK);
    else this.tiles.want(wanted);
  }

  go(view) {
    this.move(clamp(view, this.limits));
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLE);
  }

  schedule() {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const tiles = this.tiles.atHand(tilesOf(this.view));
    const { shown, events } = this.render.draw(this.view, tiles, this.today);
    this.overview.show(this.view);
    this.root.setAttribute("aria-busy", String(this.tiles.isLoading));
    this.root.dataset.requests = String(this.tiles.requests);
    this.void.hidden = this.tiles.isLoading || shown + events > 0;
    this.rove();
    if (this.seeking && !this.tiles.isLoading) {
      this.seeking = false;
      this.toNearest();
    }
    const words = wordView(this.view, document.documentElement.lang);
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  /** The view has come to rest: address, list, counts and the fields of the period follow. */
  settle() {
    this.navigate(withView(this.params, this.view, this.whole), { keepView: true });
  }

  /** Go to other parameters: the one road by which the state changes. */
  async navigate(params, { keepView = false, history = "push" } = {}) {
    const query = params.toString();
    if (query === this.params.toString() && history === "push") return;
    const before = this.tiles.query();
    this.params = params;
    const url = query ? `?${query}` : location.pathname;
    if (history === "push") window.history.pushState(null, "", url);
    for (const name of ["start", "end"]) {
      const field = document.getElementById(`id_${name}`);
      if (field && field !== document.activeElement) field.value = params.get(name) ?? "";
    }
    await this.refresh(url);
    if (this.tiles.query() !== before) this.tiles.forget();
    if (!keepView) this.view = clamp(viewOf(this.params, this.whole), this.limits);
    this.move(this.view);
  }

  /** Bring the parts that the server renders in step: list, counts, facets, lanes, overview. */
  async refresh(url) {
    this.loading?.abort();
    this.loading = new AbortController();
    const list = document.getElementById("events");
    list.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(url, { signal: this.loading.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      holdLate(page);
      if (!response.ok) throw new Error(page.querySelector("main")?.innerText ?? response.status);
      for (const id of LIVE) this.replace(id, page.getElementById(id));
      this.root.classList.remove("is-offline");
      list.removeAttribute("aria-busy");
      this.readWhole();
      this.overview.attach(document.getElementById("strip"));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.root.classList.add("is-offline");
      list.removeAttribute("aria-busy");
    }
  }

  replace(id, fresh) {
    const old = document.getElementById(id);
    if (!old || !fresh || old.outerHTML === fresh.outerHTML) return;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceChildren(...fresh.childNodes);
    for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
    watchLate(old);
    if (focused?.name) {
      old.querySelector(`[name="${focused.name}"][value="${CSS.escape(focused.value)}"]`)?.focus();
    }
  }

  eventOpened(id) {
    const params = new URLSearchParams(this.params);
    if (id === null) params.delete("event");
    else params.set("event", String(id));
    if (params.toString() === this.params.toString()) return;
    this.params = params;
    const query = params.toString();
    window.history.pushState(null, "", query ? `?${query}` : location.pathname);
  }

  // ------------------------------------------------------------------------------- listening

  listen() {
    new ResizeObserver(() => this.schedule()).observe(this.render.area);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.render.readColors();
      this.schedule();
    });
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-action]");
      if (button?.dataset.action === "more") this.listLane(button.closest("[data-lane]").dataset.lane);
      else if (button) this.act(button.dataset.action);
    });
    this.root.addEventListener("keydown", (event) => {
      const action = event.target.matches("select, input") ? null : actionOf(event);
      if (action && this.act(action)) event.preventDefault();
    });
    this.root.querySelector("[data-facet]")?.addEventListener("change", (event) => {
      const params = new URLSearchParams(this.params);
      if (event.target.value) params.set("lane", event.target.value);
      else params.delete("lane");
      this.navigate(params, { keepView: true });
    });
    window.addEventListener("popstate", () => {
      this.navigate(new URLSearchParams(location.search), { history: "none" });
      const id = this.params.get("event");
      if (id) this.panel.open(Number(id), true);
      else this.panel.close(true);
    });
    this.listenToForm(document.querySelector("[data-filters]"));
    this.listenToLinks(document.querySelector("main"));
    this.listenToPointers(this.render.area);
  }

  listenToForm(form) {
    const send = () => {
      const params = formQuery([...new FormData(form)], this.params);
      this.navigate(params, {});
    };
    form.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(send, TYPING);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(this.typing);
      send();
    });
  }

  listenToLinks(main) {
    main.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.defaultPrevented || event.button || hasModifier(event)) return;
      const card = link.closest(".entry__title")?.closest("[data-event]");
      if (card) {
        event.preventDefault();
        this.panel.open(Number(card.dataset.event));
        return;
      }
      const href = link.getAttribute("href") ?? link.getAttributeNS("http://www.w3.org/1999/xlink", "href");
      const target = new URL(href, location.href);
      const isHere = target.pathname === location.pathname && target.origin === location.origin;
      if (isHere && !target.hash && !link.closest("dialog")) {
        event.preventDefault();
        this.navigate(target.searchParams);
        if (link.closest(".pages")) document.getElementById("events").scrollIntoView();
      }
    });
  }

  listenToPointers(area) {
    const pointers = new Map();
    let speed = 0;
    let wasDragged = false;
    const share = (pixels) => pixels / this.render.width;
    area.addEventListener("pointerdown", (event) => {
      if (event.button || event.target.closest("[data-more]")) return;
      pointers.set(event.pointerId, event.clientX);
      cancelAnimationFrame(this.throwing);
      speed = 0;
      wasDragged = false;
    });
    area.addEventListener("pointermove", (event) => {
      if (!pointers.has(event.pointerId)) return;
      const before = [...pointers.values()];
      const moved = event.clientX - pointers.get(event.pointerId);
      if (!wasDragged && Math.abs(moved) < 4) return;
      if (!wasDragged) area.setPointerCapture(event.pointerId);
      wasDragged = true;
      pointers.set(event.pointerId, event.clientX);
      if (pointers.size === 1) {
        speed = -share(moved);
        this.go(pan(this.view, speed, this.limits));
        return;
      }
      const after = [...pointers.values()];
      const factor = Math.abs(after[0] - after[1]) / Math.max(Math.abs(before[0] - before[1]), 1);
      const middle = (after[0] + after[1]) / 2 - area.getBoundingClientRect().left;
      this.go(zoom(this.view, Math.min(Math.max(factor, 0.5), 2), share(middle), this.limits));
    });
    const end = (event) => {
      if (!pointers.delete(event.pointerId) || pointers.size || this.calm.matches) return;
      const glide = () => {
        speed *= FRICTION;
        if (Math.abs(speed) < 0.0008) return;
        this.go(pan(this.view, speed, this.limits));
        this.throwing = requestAnimationFrame(glide);
      };
      glide();
    };
    area.addEventListener("pointerup", end);
    area.addEventListener("pointercancel", end);
    area.addEventListener("click", (event) => {
      if (wasDragged) event.stopPropagation();
    }, true);
    area.addEventListener("dblclick", (event) => {
      if (event.target.closest("button")) return;
      const at = share(event.clientX - area.getBoundingClientRect().left);
      this.go(zoom(this.view, 3, at, this.limits));
    });
    area.addEventListener("wheel", (event) => this.wheel(event, area), { passive: false });
  }

  /** Sideways pans. Up and down zooms once the view has the focus, or with Ctrl; else it scrolls. */
  wheel(event, area) {
    const isZoom = event.ctrlKey || event.metaKey || this.root.contains(document.activeElement);
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      event.preventDefault();
      this.go(pan(this.view, (event.deltaX || event.deltaY) / this.render.width, this.limits));
    } else if (isZoom) {
      event.preventDefault();
      const at = (event.clientX - area.getBoundingClientRect().left) / this.render.width;
      this.go(zoom(this.view, 1.0018 ** -event.deltaY, at, this.limits));
    }
  }

  /** @returns {boolean} whether there was anything to do */
  act(action) {
    const buttons = this.render.inOrder();
    switch (action) {
      case "left": this.go(pan(this.view, -0.1, this.limits)); return true;
      case "right": this.go(pan(this.view, 0.1, this.limits)); return true;
      case "page-left": this.go(pan(this.view, -1, this.limits)); return true;
      case "page-right": this.go(pan(this.view, 1, this.limits)); return true;
      case "first": this.go(pan(this.view, -1e6, this.limits)); return true;
      case "last": this.go(pan(this.view, 1e6, this.limits)); return true;
      case "zoom-in": this.go(zoom(this.view, STEP, 0.5, this.limits)); return true;
      case "zoom-out": this.go(zoom(this.view, 1 / STEP, 0.5, this.limits)); return true;
      case "all": this.go(this.whole); return true;
      case "help": this.help(); return true;
      case "svg": {
        const title = this.status.textContent;
        const svg = svgOf({ ...this.render.drawing, title });
        download(`frise ${title}.svg`, "image/svg+xml", svg);
        return true;
      }
      case "nearest": this.toNearest(); return true;
      case "lane-up": case "lane-down": case "next": case "previous":
        return this.focus(buttons, action);
      default: return false;
    }
  }

  /** The keys, in a dialog that is made when it is first asked for. */
  help() {
    const held = this.root.querySelector("[data-help-held]");
    held?.replaceWith(held.content);
    this.root.querySelector("[data-help]").showModal();
  }

  /** The list of a lane's events in the window: narrowed to the lane, and brought into view. */
  async listLane(key) {
    const params = withView(this.params, this.view, this.whole);
    const facet = params.get("lane") || "type";
    if (key) params.append(facet, key);
    await this.navigate(params, { keepView: true });
    const list = document.getElementById("events");
    list.scrollIntoView();
    list.focus({ preventScroll: true });
  }

  focus(buttons, action) {
    const order = buttons.map((button) => ({
      button, lane: button.dataset.lane, left: Number(button.dataset.left),
    }));
    const current = order.find(({ button }) => button === document.activeElement);
    const target = current ? neighbor(order, current, action) : order.find(({ button }) => button.tabIndex === 0);
    target?.button.focus();
    return Boolean(target);
  }

  /** One tab stop for all labels: the one last focused, else the first. */
  rove() {
    const buttons = this.render.inOrder();
    const current = buttons.find((one) => one === document.activeElement)
      ?? buttons.find((one) => one.tabIndex === 0) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === current ? 0 : -1;
  }

  /** From a void to the nearest events that any tile at hand knows of. */
  toNearest() {
    let best = null;
    for (const bars of barsOf([...this.tiles.kept.values()], { start: 0, end: 4e6 }).values()) {
      for (const { from, to } of bars) {
        const away = from >= this.view.end ? from - this.view.end : this.view.start - to;
        if (away >= 0 && (!best || away < best.away)) best = { away, from, to };
      }
    }
    if (!best) {
      const coarse = tilesOf(this.whole);
      if (this.tiles.atHand(coarse).length === coarse.length) return this.go(this.whole);
      this.seeking = true;
      return this.tiles.want(coarse);
    }
    const half = Math.max((this.view.end - this.view.start) / 2, (best.to - best.from) / 2);
    const middle = (best.from + best.to) / 2;
    return this.go({ start: middle - half, end: middle + half });
  }
}

function hasModifier(event) {
  return event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}

/** The visitor's own today, as an ordinal with the part of the day that has passed. */
function todayOrdinal() {
  const now = new Date();
  const part = (now.getHours() * 60 + now.getMinutes()) / 1440;
  return ordinalOf(now.getFullYear(), now.getMonth() + 1, now.getDate()) + part;
}

const root = document.querySelector("[data-view]");
if (root) new Timeline(root);
