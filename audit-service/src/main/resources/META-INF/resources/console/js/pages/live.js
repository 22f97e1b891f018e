/** Decisions as they are made. */
import { announce, h, put } from "../dom.js";
import { plural } from "../format.js";
import { empty, pageHead, segments } from "../parts/bits.js";
import { entryRow, isDecision } from "../parts/entries.js";

const ROWS = 200;
const ANNOUNCE_MILLIS = 5_000;
const FILTERS = {
  decisions: isDecision,
  denied: (entry) => entry.result === "denied",
  everything: () => true,
};
const STATES = {
  connecting: ["Connecting", ""],
  live: ["Live", "ok live"],
  polling: ["Live, every 1.5 s", "ok live"],
  waiting: ["Reconnecting", "warn live"],
  forbidden: ["Not permitted", "bad"],
};

export function livePage({ session }) {
  const view = new LiveView(session);
  return {
    title: "Live feed",
    element: h(
      "div",
      {},
      pageHead("Live feed", "Every decision as it is made, and why it came out that way.", view.pause),
      h("div", { class: "bar" }, view.filters, view.status, view.held),
      h("div", { class: "card entries" }, view.list),
    ),
    close: () => view.close(),
  };
}

class LiveView {
  #session;
  #filter = "decisions";
  #paused = false;
  #waiting = 0;
  #unsaid = { all: 0, denied: 0 };

  constructor(session) {
    this.#session = session;
    this.list = h("div", { role: "feed", "aria-label": "Decisions", "aria-busy": "false" });
    this.status = h("span", { class: "pill", "data-feed": "" });
    this.held = h("span", { class: "muted" });
    this.pause = h("button", { class: "button", type: "button", "aria-pressed": "false", onclick: () => this.#toggle() }, "Pause");
    this.filters = segments(
      "Show",
      [["decisions", "Decisions"], ["denied", "Denied"], ["everything", "Everything"]],
      this.#filter,
      (filter) => {
        this.#filter = filter;
        this.#redraw();
      },
    );
    this.#redraw();
    this.#state();
    this.unsubscribe = session.feed.subscribe((fresh) => this.#take(fresh));
    this.timer = setInterval(() => this.#say(), ANNOUNCE_MILLIS);
  }

  close() {
    this.unsubscribe();
    clearInterval(this.timer);
  }

  #redraw() {
    const found = this.#session.feed.entries.filter(FILTERS[this.#filter]).slice(0, ROWS);
    this.#waiting = 0;
    this.held.textContent = "";
    if (found.length === 0) {
      put(this.list, empty("Nothing yet", "As soon as one of your agents asks for something, it shows here."));
    } else {
      put(this.list, found.map((entry) => entryRow(entry, this.#session.names)));
    }
  }

  #take(fresh) {
    this.#state();
    const found = fresh.filter(FILTERS[this.#filter]);
    if (found.length === 0) {
      return;
    }
    this.#unsaid.all += found.length;
    this.#unsaid.denied += found.filter((entry) => entry.result === "denied").length;
    if (this.#paused) {
      this.#waiting += found.length;
      this.held.textContent = `${plural(this.#waiting, "new entry", "new entries")} since the pause`;
      return;
    }
    this.list.querySelector(".state")?.remove();
    for (const entry of found.slice(-ROWS)) {
      this.list.prepend(entryRow(entry, this.#session.names, { fresh: true }));
    }
    while (this.list.childElementCount > ROWS) {
      this.list.lastElementChild.remove();
    }
  }

  #toggle() {
    this.#paused = !this.#paused;
    this.pause.textContent = this.#paused ? "Resume" : "Pause";
    this.pause.setAttribute("aria-pressed", String(this.#paused));
    if (!this.#paused) {
      this.#redraw();
    }
  }

  #state() {
    const [text, kind] = STATES[this.#session.feed.state];
    this.status.textContent = text;
    this.status.className = `pill ${kind}`;
  }

  #say() {
    if (this.#unsaid.all > 0) {
      announce(`${plural(this.#unsaid.all, "new decision")}, ${this.#unsaid.denied} denied`);
      this.#unsaid = { all: 0, denied: 0 };
    }
  }
}
