/** All agents: found by name, by status, by type. */
import { announce, debounce, h, put } from "../dom.js";
import { ago, plural } from "../format.js";
import { empty, failed, pageHead, segments, statusPill } from "../parts/bits.js";
import { VirtualList } from "../parts/virtual-list.js";

const PAGE = 100;
const ROW = 52;

export function agentsPage({ session }) {
  const filter = { name: "", status: "" };
  let cursor;
  const count = h("span", { class: "muted", role: "status" });
  const below = h("div", {});
  const list = new VirtualList({
    label: "Agents",
    header: h(
      "div",
      { class: "agent-row agent-labels", role: "row" },
      ["Agent", "Status", "Sponsor", "Scopes", "Created"].map((each) => h("span", { role: "columnheader" }, each)),
    ),
    rowHeight: ROW,
    render: (agent) => row(agent, session.names),
    more: async (known) => {
      const page = await session.api.get("/v1/identities", { ...filter, limit: PAGE, cursor: known > 0 ? cursor : undefined });
      cursor = page.cursor;
      page.data.forEach((each) => session.names.learn(each.id, each.name));
      return { items: page.data, complete: !page.cursor };
    },
    onState: ({ loading, complete, failure, count: known }) => {
      count.textContent = loading && known === 0 ? "Looking…" : `${plural(known, "agent")}${complete ? "" : " and more"}`;
      list.element.hidden = known === 0;
      put(below, failure ? failed(failure, () => list.reset()) : !loading && known === 0 && nothing(filter));
      if (!loading && complete) {
        announce(count.textContent);
      }
    },
  });
  const change = (name, value) => {
    filter[name] = value;
    list.reset();
  };
  list.reset();
  return {
    title: "Agents",
    element: h(
      "div",
      {},
      pageHead("Agents", "Every agent has a sponsor, and every chain of sponsors ends at a human."),
      h(
        "div",
        { class: "bar" },
        h("input", {
          class: "input search",
          type: "search",
          placeholder: "Name begins with…",
          "aria-label": "Name begins with",
          autocomplete: "off",
          spellcheck: "false",
          maxlength: 200,
          oninput: debounce(150, (event) => change("name", event.target.value.trim())),
        }),
        segments("Status", [["", "All"], ["active", "Active"], ["suspended", "Suspended"], ["retired", "Retired"]], "", (value) => change("status", value)),
        count,
      ),
      h(
        "div",
        { class: "card" },
        list.element,
        below,
      ),
    ),
    close: () => {},
  };
}

function row(agent, names) {
  const scopes = agent.scopes ?? [];
  return h(
    "div",
    { class: "agent-row" },
    h(
      "span",
      { role: "cell", class: "agent-name" },
      h("a", { href: `#/agents/${encodeURIComponent(agent.id)}` }, agent.name),
      h("span", { class: "id" }, agent.id),
    ),
    h("span", { role: "cell" }, statusPill(agent.status)),
    h("span", { role: "cell", class: "cut" }, names.label(agent.sponsorId)),
    h("span", { role: "cell", class: "cut" }, scopes.length === 0 ? h("span", { class: "muted" }, "none of its own") : h("code", {}, scopes[0]), scopes.length > 1 && h("span", { class: "muted" }, ` +${scopes.length - 1}`)),
    h("span", { role: "cell", class: "muted" }, ago(agent.createdAt)),
  );
}

function nothing(filter) {
  return filter.name || filter.status
    ? empty("No agent like that", "Names are matched from their beginning, upper and lower case apart.")
    : empty("No agents yet", "Create the first one with POST /v1/identities: it needs a name and a sponsor.");
}
