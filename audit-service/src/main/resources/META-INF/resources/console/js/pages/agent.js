/** One agent: whose it is, what it may do and did, and how to stop it. */
import { path } from "../api.js";
import { h, put } from "../dom.js";
import { ago, plural, reason } from "../format.js";
import { card, copyButton, empty, failed, load, loading, pageHead, scope, statusPill } from "../parts/bits.js";
import { budgetMeters, usageOf } from "../parts/budget.js";
import { chainGraph } from "../parts/chain-graph.js";
import { entryRow } from "../parts/entries.js";
import { Controls } from "../parts/controls.js";
import { scopeOrigins } from "../parts/scope-origins.js";
import { sessionsCard } from "../parts/sessions.js";

const TIMELINE_PAGE = 25;
const TIMELINE_MOST = 300;
const TREE_MOST = 200;

export function agentPage({ session, id }) {
  const body = h("div", {}, loading());
  const page = new AgentView(session, id, body);
  page.refresh();
  const unsubscribe = session.feed.subscribe((fresh) => page.follow(fresh));
  return { title: "Agent", element: body, close: unsubscribe };
}

class AgentView {
  #session;
  #id;
  #body;
  #drawn = false;

  constructor(session, id, body) {
    this.#session = session;
    this.#id = id;
    this.#body = body;
    this.head = h("div", {});
    this.chain = h("div", { class: "chain-scroll", tabindex: 0, role: "region", "aria-label": "Sponsor chain" });
    this.tree = h("div", {});
    this.scopes = h("div", {}, loading());
    this.budget = h("div", {}, loading());
    this.details = h("div", {});
    this.timeline = h("div", { class: "entries" });
    this.sessions = sessionsCard(session, id);
    this.controls = new Controls(session, id, () => this.refresh());
  }

  async refresh() {
    const { api, names } = this.#session;
    try {
      const [agent, activity] = await Promise.all([
        api.get(path`/v1/identities/${this.#id}`),
        api.get(path`/v1/identities/${this.#id}/activity`, { limit: TIMELINE_PAGE }).catch((failure) => ({ failure })),
      ]);
      names.learn(agent.id, agent.name);
      const ancestors = await this.#ancestors(agent.sponsorChain);
      this.#draw(agent, activity, ancestors);
    } catch (failure) {
      put(this.#body, h("div", { class: "card" }, this.#missing(failure)));
    }
  }

  /** New entries about this agent lead the timeline. */
  follow(fresh) {
    const mine = fresh.filter((entry) => entry.identityId === this.#id);
    if (!this.#drawn || mine.length === 0) {
      return;
    }
    const shown = new Set([...this.timeline.querySelectorAll("[data-id]")].map((each) => each.dataset.id));
    this.timeline.querySelector(".state")?.remove();
    for (const entry of mine.filter((each) => !shown.has(each.id))) {
      this.timeline.prepend(entryRow(entry, this.#session.names, { withAgent: false, fresh: true }));
    }
    while (this.timeline.childElementCount > TIMELINE_MOST) {
      this.timeline.lastElementChild.remove();
    }
  }

  #missing(failure) {
    return failure.status === 404
      ? empty("There is no such agent", "It may have been deleted, or belong to another organisation.", h("a", { class: "button small", href: "#/agents" }, "All agents"))
      : failed(failure, () => this.refresh());
  }

  async #ancestors(chain) {
    const { api, names } = this.#session;
    const known = await Promise.all(
      chain.slice(1, -1).map((id) => api.get(path`/v1/identities/${id}`).catch(() => ({ id, name: id, status: "unknown", scopes: [] }))),
    );
    known.forEach((each) => names.learn(each.id, each.name));
    return known;
  }

  async #draw(agent, activity, ancestors) {
    const { names } = this.#session;
    if (!this.#drawn) {
      put(this.#body, this.head, this.controls.measured, this.#layout());
      this.#drawn = true;
    }
    document.title = `${agent.name} · RelayAuth`;
    put(this.head, this.#heading(agent));
    this.controls.draw(agent);
    put(this.details, details(agent, names));
    const children = activity.subAgents ?? [];
    const human = { id: agent.sponsorChain[0], name: await names.of(agent.sponsorChain[0]), kind: "human" };
    put(this.chain, chainGraph([human, ...ancestors, agent], children));
    this.chain.scrollLeft = this.chain.scrollWidth;
    put(this.tree, subAgentTree(children));
    this.#drawTimeline(activity);
    load(this.budget, () => usageOf(this.#session.api, agent), (usage) =>
      usage.length > 0 ? budgetMeters(usage) : empty("No budget", "Nothing caps what it does or spends."));
    load(this.scopes, () => scopeOrigins(this.#session, agent, ancestors), (found) => found);
    this.sessions.refresh();
  }

  #layout() {
    return h(
      "div",
      { class: "agent-page" },
      card("On whose behalf", "from a human, through each sponsor, to what hangs below", [this.chain, this.tree]),
      h(
        "div",
        { class: "grid-2 wide-left" },
        h(
          "div",
          { class: "stack-cards" },
          card("What it may do", "and where each scope comes from", this.scopes, { flush: true }),
          this.sessions.element,
          card("Timeline", "newest first", this.timeline, { flush: true }),
        ),
        h("div", { class: "stack-cards" }, card("Budget", null, this.budget), card("Details", null, this.details)),
      ),
    );
  }

  #heading(agent) {
    return pageHead(
      h("span", { class: "title-line" }, agent.name, " ", statusPill(agent.status)),
      h("span", {}, h("span", { class: "id" }, agent.id), " ", copyButton(agent.id), agent.suspendReason && h("span", { class: "muted" }, ` suspended: ${agent.suspendReason}`)),
      h("a", { class: "button", href: `#/decide?agent=${encodeURIComponent(agent.id)}` }, "Try a decision"),
      this.controls.buttons,
    );
  }

  #drawTimeline(activity) {
    if (activity.failure) {
      put(this.timeline, failed(activity.failure));
    } else if (activity.entries.length === 0) {
      put(this.timeline, empty("Nothing yet", "What it does shows here."));
    } else {
      put(this.timeline, activity.entries.map((entry) => entryRow(entry, this.#session.names, { withAgent: false })), this.#older(activity.nextCursor));
    }
  }

  #older(cursor) {
    if (!cursor) {
      return null;
    }
    const button = h("button", { class: "button small older", type: "button" }, "Older");
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const page = await this.#session.api.get(path`/v1/identities/${this.#id}/activity`, { limit: TIMELINE_PAGE, cursor });
        button.replaceWith(...page.entries.map((entry) => entryRow(entry, this.#session.names, { withAgent: false })), ...[this.#older(page.nextCursor)].filter(Boolean));
      } catch (failure) {
        button.replaceWith(failed(failure));
      }
    });
    return button;
  }
}

function details(agent, names) {
  const facts = [
    ["Type", agent.type],
    ["Sponsor", names.link(agent.sponsorId)],
    ["Workspace", agent.workspaceId && names.label(agent.workspaceId)],
    ["Created", ago(agent.createdAt)],
    ["Changed", ago(agent.updatedAt)],
    ["Expires", agent.expiresAt && ago(agent.expiresAt)],
    ["Suspended", agent.suspendedAt && ago(agent.suspendedAt)],
    ...Object.entries(agent.metadata ?? {}).map(([name, value]) => [h("span", { class: "mono" }, name), h("span", { class: "entry-text" }, value)]),
  ];
  return h("dl", { class: "facts" }, facts.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** The whole tree below, as a list that opens level by level. */
function subAgentTree(children) {
  if (children.length === 0) {
    return null;
  }
  let left = TREE_MOST;
  const branch = (nodes) =>
    h(
      "ul",
      { class: "sub-agents" },
      nodes.map((node) => {
        if (--left < 0) {
          return null;
        }
        const line = [h("a", { href: `#/agents/${encodeURIComponent(node.id)}` }, node.name), " ", statusPill(node.status)];
        const below = node.children ?? [];
        return h("li", {}, below.length > 0 ? h("details", {}, h("summary", {}, line, h("span", { class: "muted" }, ` ${plural(below.length, "sub-agent")}`)), branch(below)) : h("div", { class: "leaf" }, line));
      }),
    );
  const list = branch(children);
  return h("details", { class: "tree-box" }, h("summary", {}, `All sub-agents as a list`), list, left < 0 && h("p", { class: "muted" }, `Only ${TREE_MOST} are shown.`));
}
