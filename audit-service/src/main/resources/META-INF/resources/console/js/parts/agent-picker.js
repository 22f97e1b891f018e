/** A combobox of agents by name (WAI-ARIA list autocomplete); an id may be typed instead. */
import { debounce, h, put } from "../dom.js";

const SHOWN = 8;

export class AgentPicker {
  #api;
  #options = [];
  #active = -1;
  #chosen = null;
  #search = debounce(120, () => this.#find());
  #asked = 0;

  constructor(api, onChoose = () => {}) {
    this.#api = api;
    this.onChoose = onChoose;
    this.list = h("ul", { class: "combo-list", role: "listbox", id: "agent-options", "aria-label": "Agents", hidden: true });
    this.input = h("input", {
      class: "input",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-controls": "agent-options",
      "aria-expanded": "false",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "Name or id",
      required: true,
      oninput: () => {
        this.#chosen = null;
        this.#search();
      },
      onfocus: () => this.input.value || this.#find(),
      onblur: () => setTimeout(() => this.#close(), 120),
      onkeydown: (event) => this.#key(event),
    });
  }

  /** The id that was chosen or typed. */
  get id() {
    return this.#chosen?.id ?? this.input.value.trim();
  }

  choose(agent) {
    this.#chosen = agent;
    this.input.value = agent.name;
    this.#close();
    this.onChoose(agent);
  }

  async #find() {
    const asked = ++this.#asked;
    const text = this.input.value.trim();
    try {
      const page = await this.#api.get("/v1/identities", { name: text, limit: SHOWN });
      if (asked === this.#asked && document.activeElement === this.input) {
        this.#open(page.data);
      }
    } catch {
      this.#close();
    }
  }

  #open(agents) {
    this.#options = agents;
    this.#active = -1;
    put(
      this.list,
      agents.map((agent, i) =>
        h(
          "li",
          {
            role: "option",
            id: `agent-option-${i}`,
            "aria-selected": "false",
            onmousedown: (event) => {
              event.preventDefault();
              this.choose(agent);
            },
          },
          h("span", {}, agent.name),
          h("span", { class: "muted" }, agent.status),
        ),
      ),
    );
    this.list.hidden = agents.length === 0;
    this.input.setAttribute("aria-expanded", String(agents.length > 0));
  }

  #close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.list.hidden) {
      this.#find();
      event.preventDefault();
    } else if (step) {
      event.preventDefault();
      this.#mark((this.#active + step + this.#options.length) % this.#options.length);
    } else if (event.key === "Enter" && !this.list.hidden && this.#active >= 0) {
      event.preventDefault();
      this.choose(this.#options[this.#active]);
    } else if (event.key === "Escape") {
      this.#close();
    }
  }

  #mark(index) {
    this.#active = index;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    this.input.setAttribute("aria-activedescendant", `agent-option-${index}`);
    this.list.children[index]?.scrollIntoView({ block: "nearest" });
  }
}
