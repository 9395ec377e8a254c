// Fetches tiles once each, keeps them, and knows what to show until they come.

import { LEVELS, tileIndex, tileStart } from "./scale.js";

const AT_ONCE = 4;
const MOST_KEPT = 400;

export class Tiles {
  /**
   * @param {string} base address of the tiles, ending in a slash
   * @param {() => string} query the filters in force and the lanes to count in
   * @param {() => void} arrived called when a tile has come
   * @param {(failed: boolean) => void} failed called when one could not be had, or can be again
   */
  constructor(base, query, arrived, failed) {
    Object.assign(this, { base, query, arrived, failed });
    this.kept = new Map();
    this.asked = new Map();
    this.waiting = [];
    this.requests = 0;
  }

  forget() {
    for (const control of this.asked.values()) control.abort();
    this.kept.clear();
    this.asked.clear();
    this.waiting = [];
  }

  /** Ask for those of `wanted` that are not here; drop what was asked for and is no longer wanted. */
  want(wanted) {
    const keys = new Set(wanted.map(({ level, index }) => `${level}/${index}`));
    this.waiting = [...keys].filter((key) => !this.kept.has(key) && !this.asked.has(key));
    this.#fill();
  }

  get isLoading() {
    return this.asked.size + this.waiting.length > 0;
  }

  /** The tiles at hand for `wanted`; for one that is missing, a coarser one that covers it. */
  atHand(wanted) {
    const found = new Map();
    for (const { level, index } of wanted) {
      const key = `${level}/${index}`;
      if (this.kept.has(key)) found.set(key, this.kept.get(key));
      else this.#addCoarser(found, level, index);
    }
    return [...found.values()];
  }

  #addCoarser(found, level, index) {
    const day = tileStart(level, index);
    for (const coarser of LEVELS.slice(LEVELS.indexOf(level) + 1)) {
      const key = `${coarser}/${tileIndex(coarser, day)}`;
      if (this.kept.has(key)) {
        found.set(key, this.kept.get(key));
        return;
      }
    }
  }

  #fill() {
    while (this.asked.size < AT_ONCE && this.waiting.length) this.#fetch(this.waiting.shift());
  }

  async #fetch(key) {
    const control = new AbortController();
    this.asked.set(key, control);
    this.requests += 1;
    try {
      const response = await fetch(`${this.base}${key}/?${this.query()}`, { signal: control.signal });
      if (response.status === 404) this.#keep(key, EMPTY);
      else if (!response.ok) throw new Error(String(response.status));
      else this.#keep(key, await response.json());
      this.failed(false);
    } catch (error) {
      if (error.name !== "AbortError") this.failed(true);
    } finally {
      if (this.asked.get(key) === control) {
        this.asked.delete(key);
        this.#fill();
        this.arrived();
      }
    }
  }

  #keep(key, tile) {
    if (this.kept.size >= MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
    this.kept.set(key, tile);
  }
}

const EMPTY = { slots: [], total: 0, counts: {}, events: [] };
