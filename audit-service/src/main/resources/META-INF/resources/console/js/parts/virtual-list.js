/**
 * A long list of which only what can be seen is in the page. Rows have one height; more are fetched as the end comes
 * near. Arrow keys, Page Up and Down, Home and End move between rows.
 */
import { h } from "../dom.js";

const AHEAD = 8;

export class VirtualList {
  #rows = [];
  #header;
  #height;
  #render;
  #more;
  #loading = false;
  #complete = false;
  #focused = -1;
  #shown = new Map();
  #generation = 0;

  /**
   * @param header the row of labels, which stays in sight
   * @param render (item, index) → element of the row
   * @param more (how many there are) → Promise of {items, complete}
   */
  constructor({ label, header, rowHeight, render, more, onState }) {
    this.#height = rowHeight;
    this.#render = render;
    this.#more = more;
    this.#header = header;
    this.onState = onState;
    this.space = h("div", { class: "virtual-space", role: "rowgroup" });
    this.element = h(
      "div",
      { class: "virtual", role: "table", "aria-label": label, "aria-rowcount": -1, tabindex: -1 },
      header,
      this.space,
    );
    this.element.addEventListener("scroll", () => this.#draw(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  /** Begins again, as after a changed filter. */
  reset() {
    this.#generation++;
    this.#rows = [];
    this.#complete = false;
    this.#loading = false;
    this.#focused = -1;
    this.#clear();
    this.element.scrollTop = 0;
    this.#fetch();
  }

  get size() {
    return this.#rows.length;
  }

  async #fetch() {
    if (this.#loading || this.#complete) {
      return;
    }
    this.#loading = true;
    const generation = this.#generation;
    this.onState({ loading: true, count: this.#rows.length });
    try {
      const { items, complete } = await this.#more(this.#rows.length);
      if (generation !== this.#generation) {
        return;
      }
      this.#rows.push(...items);
      this.#complete = complete;
      this.#loading = false;
      this.onState({ loading: false, complete, count: this.#rows.length });
      this.#draw();
    } catch (failure) {
      if (generation === this.#generation && failure.name !== "AbortError") {
        this.#loading = false;
        this.onState({ loading: false, failure, count: this.#rows.length });
      }
    }
  }

  #draw() {
    this.space.style.setProperty("height", `${this.#rows.length * this.#height}px`);
    const from = Math.max(0, Math.floor(this.element.scrollTop / this.#height) - AHEAD);
    const visible = Math.ceil(this.element.clientHeight / this.#height);
    const to = Math.min(this.#rows.length, from + visible + 2 * AHEAD);
    for (const [index, row] of this.#shown) {
      if (index < from || index >= to) {
        row.remove();
        this.#shown.delete(index);
      }
    }
    for (let index = from; index < to; index++) {
      if (!this.#shown.has(index)) {
        this.#show(index);
      }
    }
    if (to >= this.#rows.length - AHEAD && this.element.clientHeight > 0) {
      this.#fetch();
    }
  }

  #show(index) {
    const row = this.#render(this.#rows[index], index);
    row.classList.add("virtual-row");
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", index + 1);
    row.style.setProperty("height", `${this.#height}px`);
    row.style.setProperty("transform", `translateY(${index * this.#height}px)`);
    row.addEventListener("focusin", () => (this.#focused = index));
    this.#shown.set(index, row);
    this.space.append(row);
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.#height) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 };
    if (!(event.key in moves) || this.#rows.length === 0) {
      return;
    }
    event.preventDefault();
    const next = Math.min(this.#rows.length - 1, Math.max(0, this.#focused + moves[event.key]));
    const top = next * this.#height;
    if (top < this.element.scrollTop) {
      this.element.scrollTop = top;
    } else if (top + this.#height > this.element.scrollTop + this.#room()) {
      this.element.scrollTop = top + this.#height - this.#room();
    }
    this.#draw();
    this.#shown.get(next)?.querySelector("a, button")?.focus({ preventScroll: true });
  }

  /** The height that rows can be seen in, below the header that stays. */
  #room() {
    return this.element.clientHeight - this.#header.offsetHeight;
  }

  #clear() {
    for (const row of this.#shown.values()) {
      row.remove();
    }
    this.#shown.clear();
    this.space.style.setProperty("height", "0px");
  }
}
