// Draws a view: density and extents on a canvas, at most some fifty labels as real buttons, the axis.

import { barsOf, labelWidth, place } from "./lanes.js";
import { pixels, ticks } from "./scale.js";

const MOST_LABELS = 48;
const ROWS = 2; // of labels in a lane
const ROW = 26; // pixels
const PADDING = 17; // above the first row: room for the lane's name
const LEAST_EXTENT = 5; // pixels: shorter events are a point, not a period

export class Render {
  /** @param {HTMLElement} root the `[data-view]` element @param {(id: number) => void} open */
  constructor(root, open) {
    this.root = root;
    this.area = root.querySelector("[data-lanes]");
    this.canvas = root.querySelector("canvas");
    this.axis = root.querySelector("[data-axis]");
    this.labels = root.querySelector("[data-labels]");
    this.buttons = new Map();
    this.language = document.documentElement.lang;
    this.labels.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-event]");
      if (button) open(Number(button.dataset.event));
    });
    this.readColors();
  }

  /** Colors come from the style sheet, so that dark mode and high contrast are drawn as well. */
  readColors() {
    const probe = document.createElement("span");
    this.area.append(probe);
    const read = (name) => {
      probe.className = `ink ink--${name}`;
      return getComputedStyle(probe).color;
    };
    const names = ["bar", "rule", "today", "happened", "ongoing", "planned", "called_for", "denied",
      "hypothetical", "paper"];
    this.colors = Object.fromEntries(names.map((name) => [name, read(name)]));
    probe.remove();
  }

  get width() {
    return this.area.clientWidth;
  }

  /** The lanes as the page has them, top to bottom. */
  lanes() {
    return [...this.area.querySelectorAll("#lanes > [data-lane]")].map((element) => ({
      key: element.dataset.lane,
      element,
      top: element.offsetTop,
      height: element.offsetHeight,
    }));
  }

  /**
   * @param {import("./scale.js").View} view
   * @param {object[]} tiles
   * @param {number} today ordinal
   * @returns {{shown: number, events: number}} labels drawn, and events that begin in the view
   */
  draw(view, tiles, today) {
    const width = this.width;
    const x = pixels(view, width);
    const lanes = this.lanes();
    const context = this.#clear(width);
    this.scene = { bars: [], extents: [] };
    const marks = ticks(view, width, this.language);
    this.#drawAxis(marks, x);
    this.scene.marks = marks.map((mark) => ({ ...mark, x: Math.round(x(mark.day)) }));
    context.fillStyle = this.colors.rule;
    for (const mark of marks) {
      context.globalAlpha = mark.major ? 1 : 0.5;
      context.fillRect(Math.round(x(mark.day)), 0, 1, this.canvas.clientHeight);
    }
    context.globalAlpha = 1;
    const bars = barsOf(tiles, view);
    const total = this.#drawBars(context, bars, lanes, x, width);
    if (today > view.start && today < view.end) {
      context.fillStyle = this.colors.today;
      context.fillRect(Math.round(x(today)), 0, 2, this.canvas.clientHeight);
    }
    const shown = this.#drawEvents(context, eventsOf(tiles, view), lanes, x, width, bars);
    return { shown, events: total };
  }

  #clear(width) {
    const height = this.area.clientHeight;
    const ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  #drawAxis(marks, x) {
    while (this.axis.children.length < marks.length) this.axis.append(document.createElement("span"));
    while (this.axis.children.length > marks.length) this.axis.lastChild.remove();
    [...this.axis.children].forEach((element, at) => {
      const mark = marks[at];
      if (element.textContent !== mark.label) element.textContent = mark.label;
      element.className = mark.major ? "is-major" : "";
      element.style.transform = `translateX(${Math.round(x(mark.day))}px)`;
    });
  }

  #drawBars(context, bars, lanes, x, width) {
    let total = 0;
    let highest = 1;
    const columns = lanes.map(({ key }) => {
      const heights = gather(bars.get(key) ?? [], x, width);
      for (const column of heights.values()) highest = Math.max(highest, column.n / column.wide);
      for (const bar of bars.get(key) ?? []) total += bar.n;
      return heights;
    });
    context.fillStyle = this.colors.bar;
    lanes.forEach(({ top, height }, at) => {
      for (const [left, column] of columns[at]) {
        const share = Math.sqrt(column.n / column.wide / highest);
        const tall = Math.max(2, Math.round(share * (height - 6)));
        context.globalAlpha = 0.4;
        const bar = { x: left, y: top + height - tall, width: Math.max(column.wide - 1, 1), height: tall };
        context.fillRect(bar.x, bar.y, bar.width, bar.height);
        this.scene.bars.push(bar);
      }
    });
    context.globalAlpha = 1;
    return total;
  }

  #drawEvents(context, events, lanes, x, width, bars) {
    const share = Math.floor(MOST_LABELS / Math.max(lanes.length, 1));
    const seen = new Set();
    lanes.forEach(({ key, element, top }) => {
      const mine = events.filter((event) => event.lanes.includes(key));
      const candidates = mine.map((event) => ({ ...event, ...extentOf(event, x, width) }));
      const { placed } = place(candidates, { rows: ROWS, width, most: share });
      for (const label of placed) {
        const y = top + PADDING + label.row * ROW;
        this.#drawExtent(context, label, y + ROW - 5);
        this.#putButton(`${key}/${label.id}`, label, y);
        seen.add(`${key}/${label.id}`);
      }
      const inside = (bars.get(key) ?? []).reduce((sum, bar) => sum + bar.n, 0);
      const begun = placed.filter((label) => label.x >= -1).length;
      showMore(element.querySelector("[data-more]"), inside - begun);
    });
    for (const [id, button] of this.buttons) {
      if (!seen.has(id)) {
        button.remove();
        this.buttons.delete(id);
      }
    }
    return seen.size;
  }

  /** Periods as bars, open ends faded, vague ones dashed; a day is the left edge of its label. */
  #drawExtent(context, label, y) {
    const color = this.colors[label.status];
    const from = Math.max(label.x, -10);
    const to = label.right;
    if (to - label.x < LEAST_EXTENT && !label.vague) return;
    const x2 = Math.max(to, from + LEAST_EXTENT);
    this.scene.extents.push({ x1: Math.round(from), x2: Math.round(x2), y, status: label.status, vague: Boolean(label.vague) });
    context.lineWidth = 3;
    context.strokeStyle = color;
    context.setLineDash(label.vague ? [4, 3] : []);
    if (label.start === null || label.end === null) {
      const gradient = context.createLinearGradient(from, 0, to, 0);
      const faded = color.replace(/^rgb\((.*)\)$/, "rgba($1, 0)");
      gradient.addColorStop(0, label.start === null ? faded : color);
      gradient.addColorStop(1, label.end === null ? faded : color);
      context.strokeStyle = gradient;
    }
    context.beginPath();
    context.moveTo(from, y);
    context.lineTo(x2, y);
    context.stroke();
    context.setLineDash([]);
  }

  #putButton(id, label, y) {
    let button = this.buttons.get(id);
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.tabIndex = -1;
      button.dataset.event = label.id;
      button.dataset.factuality = label.status;
      button.dataset.lane = id.slice(0, id.lastIndexOf("/"));
      button.className = `label label--${label.status}${label.vague ? " label--vague" : ""}`;
      button.textContent = label.title;
      if (label.lang) button.lang = label.lang;
      const when = label.time ? `${label.date}, ${label.time}` : label.date;
      button.title = `${when} · ${label.title}`;
      button.setAttribute("aria-label", `${when}: ${label.title}`);
      this.buttons.set(id, button);
      this.labels.append(button);
    }
    button.style.width = `${Math.round(label.width)}px`;
    button.style.transform = `translate(${Math.round(label.left)}px, ${y}px)`;
    button.dataset.left = String(Math.round(label.left));
    button.dataset.top = String(y);
  }

  /** All that is drawn now, as plain figures for an SVG of it. */
  get drawing() {
    const labels = this.inOrder().map((button) => ({
      x: Number(button.dataset.left),
      y: Number(button.dataset.top),
      width: Number.parseInt(button.style.width, 10),
      text: button.textContent,
      status: button.dataset.factuality,
    }));
    const lanes = this.lanes().map(({ element, top, height }) => ({
      name: element.querySelector(".lane__name").firstChild.data.trim(), top, height,
    }));
    return {
      ...this.scene, labels, lanes, colors: this.colors, width: this.width,
      height: this.area.clientHeight,
    };
  }

  /** The buttons in reading order: lane by lane, then left to right. */
  inOrder() {
    return [...this.buttons.values()].sort(
      (a, b) => laneOf(a, this) - laneOf(b, this) || Number(a.dataset.left) - Number(b.dataset.left),
    );
  }
}

function laneOf(button, render) {
  return render.lanes().findIndex(({ key }) => key === button.dataset.lane);
}

/** Events of all tiles once each; those without any day of theirs in the view are left out. */
function eventsOf(tiles, view) {
  const events = new Map();
  for (const tile of tiles) {
    for (const event of tile.events) {
      if ((event.end ?? Infinity) > view.start && (event.start ?? -Infinity) < view.end) {
        events.set(event.id, event);
      }
    }
  }
  return [...events.values()];
}

/** Where an event is drawn: a stated hour moves it within its day. */
function extentOf(event, x, width) {
  const hour = event.minute > 0 ? event.minute / 1440 : 0;
  const left = event.start === null ? Math.min(x(event.end) - 60, width - 60) : x(event.start + hour);
  const right = event.end === null ? Math.max(left, 0) + 140 : x(event.end);
  return { x: left, right, width: labelWidth(event.title), weight: event.weight };
}

/** "+12": what begins in the lane and has no label. */
function showMore(element, number) {
  element.hidden = number <= 0;
  const words = `+${number}`;
  if (number > 0 && element.firstChild?.data !== words) element.firstChild.data = words;
}

/** Bars narrower than a pixel are added up in one. */
function gather(bars, x, width) {
  const columns = new Map();
  for (const { from, to, n } of bars) {
    const left = Math.max(Math.round(x(from)), 0);
    const wide = Math.max(Math.round(Math.min(x(to), width)) - left, 1);
    const column = columns.get(left);
    if (column) column.n += n;
    else columns.set(left, { n, wide });
  }
  return columns;
}
