/** What ids are called, asked for once each and a few at a time. */
import { path } from "./api.js";
import { h } from "./dom.js";
import { shortId } from "./format.js";

const AT_ONCE = 4;
const ROUTES = {
  agent: (id) => path`/v1/identities/${id}`,
  user: (id) => path`/v1/sponsors/${id}`,
  role: (id) => path`/v1/roles/${id}`,
  pol: (id) => path`/v1/policies/${id}`,
  ws: (id) => path`/v1/workspaces/${id}`,
};

export class Names {
  #api;
  #known = new Map();
  #waiting = [];
  #running = 0;

  constructor(api) {
    this.#api = api;
  }

  /** Remembers a name that some answer contained. */
  learn(id, name) {
    if (id && name) {
      this.#known.set(id, Promise.resolve(name));
    }
  }

  /** The name, or the id when nobody says it. */
  of(id) {
    if (!this.#known.has(id)) {
      this.#known.set(id, this.#ask(id));
    }
    return this.#known.get(id);
  }

  /** An element that shows the id at first and the name once it is known. */
  label(id) {
    const label = h("span", { title: id }, shortId(id));
    this.of(id).then((name) => {
      label.textContent = name === id ? shortId(id) : name;
    });
    return label;
  }

  /** The same, leading to the agent's page where it has one. */
  link(id) {
    return String(id).startsWith("agent_")
      ? h("a", { href: `#/agents/${encodeURIComponent(id)}` }, this.label(id))
      : this.label(id);
  }

  #ask(id) {
    const route = ROUTES[String(id).split("_")[0]];
    if (!route) {
      return Promise.resolve(id);
    }
    return new Promise((resolve) => {
      this.#waiting.push({ id, target: route(id), resolve });
      this.#next();
    });
  }

  async #next() {
    if (this.#running >= AT_ONCE || this.#waiting.length === 0) {
      return;
    }
    const { id, target, resolve } = this.#waiting.shift();
    this.#running++;
    try {
      const thing = await this.#api.get(target);
      resolve(thing?.name ?? id);
    } catch (failure) {
      if (failure.status !== 404 && failure.status !== 403) {
        this.#known.delete(id);
      }
      resolve(id);
    } finally {
      this.#running--;
      this.#next();
    }
  }
}
