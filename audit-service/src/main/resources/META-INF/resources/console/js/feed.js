/**
 * What happens in the organisation, as it happens: from the event stream where there is one, otherwise by asking the log
 * again and again. Each entry comes once, oldest first within a batch.
 */

const KEPT = 500;
const REMEMBERED = 4_000;
const POLL_MILLIS = 1_500;
const HIDDEN_POLL_MILLIS = 10_000;
/** Entries may arrive in the log a little later than they happened. */
const OVERLAP_MILLIS = 10_000;
const PAGE = 100;
const PAGES_AT_ONCE = 3;
/** A stream that says nothing for so long, not even a heartbeat, has been cut somewhere on its way. */
const SILENCE_MILLIS = 45_000;
/** The server has no stream, or no more of them for this organisation. */
const NO_STREAM = new Set([404, 405, 406, 429, 501]);

export class Feed {
  #api;
  #listeners = new Set();
  #ids = new Set();
  #stopped = new AbortController();
  #lastEventId = "";
  #newest = 0;

  constructor(api) {
    this.#api = api;
    /** Newest first. */
    this.entries = [];
    /** `connecting`, `live`, `polling`, `waiting` (after a failure) or `forbidden`. */
    this.state = "connecting";
  }

  /** Calls back with (fresh entries, feed), also when only the state changed; returns how to stop that. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop() {
    this.#stopped.abort();
    this.#listeners.clear();
  }

  async start() {
    let patience = 500;
    while (!this.#isStopped()) {
      try {
        await this.#poll();
        const streamed = await this.#stream();
        if (!streamed) {
          await this.#pollForGood();
        }
        patience = 500;
      } catch (failure) {
        if (this.#isStopped()) {
          return;
        }
        if (failure.status === 403) {
          this.#enter("forbidden");
          return;
        }
        this.#enter("waiting");
        await this.#pause(patience);
        patience = Math.min(patience * 2, 15_000);
      }
    }
  }

  /** Follows the stream to its end; false when the server has none. */
  async #stream() {
    const headers = { Accept: "text/event-stream" };
    if (this.#lastEventId) {
      headers["Last-Event-ID"] = this.#lastEventId;
    }
    const silence = new AbortController();
    let response;
    try {
      const signal = AbortSignal.any([this.#stopped.signal, silence.signal]);
      response = await this.#api.stream("/v1/observer/events", headers, signal);
    } catch (failure) {
      if (NO_STREAM.has(failure.status)) {
        return false;
      }
      throw failure;
    }
    this.#enter("live");
    // What happened between the last poll and the start of the stream.
    this.#poll().catch(() => {});
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser((event) => this.#event(event));
    const heard = () => setTimeout(() => silence.abort(), SILENCE_MILLIS);
    let timer = heard();
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        clearTimeout(timer);
        timer = heard();
        parser.push(read.value);
      }
    } finally {
      clearTimeout(timer);
    }
    await this.#pause(250);
    return true;
  }

  #event({ type, id, data }) {
    // After a reset the log is asked for what the stream could not resume; that happens at the next start anyway.
    this.#lastEventId = type === "reset" ? "" : id || this.#lastEventId;
    let entry;
    try {
      entry = JSON.parse(data);
    } catch {
      return;
    }
    if (entry?.id && entry.action) {
      this.#add([entry]);
    }
  }

  async #pollForGood() {
    this.#enter("polling");
    while (!this.#isStopped()) {
      await this.#pause(document.hidden ? HIDDEN_POLL_MILLIS : POLL_MILLIS);
      await this.#poll();
    }
  }

  async #poll() {
    const first = this.#newest === 0;
    const from = first ? undefined : new Date(this.#newest - OVERLAP_MILLIS).toISOString();
    const found = [];
    let cursor;
    for (let page = 0; page < (first ? 2 : PAGES_AT_ONCE); page++) {
      const answer = await this.#api.get(
        "/v1/audit",
        { limit: PAGE, from, cursor },
        { signal: this.#stopped.signal },
      );
      found.push(...answer.entries);
      cursor = answer.nextCursor;
      const known = answer.entries.some((entry) => this.#ids.has(entry.id));
      if (!answer.hasMore || known) {
        break;
      }
    }
    this.#add(found.reverse());
  }

  #add(oldestFirst) {
    const fresh = oldestFirst.filter((entry) => !this.#ids.has(entry.id));
    for (const entry of fresh) {
      this.#ids.add(entry.id);
      this.#newest = Math.max(this.#newest, Date.parse(entry.timestamp) || 0);
      this.entries.unshift(entry);
    }
    this.entries.length = Math.min(this.entries.length, KEPT);
    if (this.#ids.size > REMEMBERED) {
      this.#ids = new Set([...this.#ids].slice(-REMEMBERED / 2));
    }
    if (fresh.length > 0) {
      this.#tell(fresh);
    }
  }

  #enter(state) {
    if (this.state !== state && !this.#isStopped()) {
      this.state = state;
      this.#tell([]);
    }
  }

  #tell(fresh) {
    for (const listener of this.#listeners) {
      listener(fresh, this);
    }
  }

  #isStopped() {
    return this.#stopped.signal.aborted;
  }

  #pause(millis) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#stopped.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, millis);
      this.#stopped.signal.addEventListener("abort", done);
    });
  }
}

/** Reads `text/event-stream` (HTML Living Standard §9.2.6) from pieces of any size. */
export class EventParser {
  #rest = "";
  #id = "";
  #type = "";
  #data = [];
  #onEvent;

  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  push(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    lines.forEach((line) => this.#line(line));
  }

  #line(line) {
    if (line === "") {
      if (this.#data.length > 0) {
        this.#onEvent({ type: this.#type, id: this.#id, data: this.#data.join("\n") });
      }
      this.#data = [];
      this.#type = "";
      return;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") {
      this.#data.push(value);
    } else if (name === "event") {
      this.#type = value;
    } else if (name === "id") {
      this.#id = value;
    }
  }
}
