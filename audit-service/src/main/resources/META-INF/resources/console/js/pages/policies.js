/** Policies by the layer that they speak at. */
import { h } from "../dom.js";
import { plural } from "../format.js";
import { card, empty, load, pageHead, pill, scopeList } from "../parts/bits.js";
import { condition } from "../parts/conditions.js";

const PAGE = 200;
const PAGES = 5;
const LAYERS = [
  ["org", "Organisation", "For every agent", (each) => !each.workspaceId && !each.identityId],
  ["workspace", "Workspace", "For the agents of one workspace", (each) => each.workspaceId && !each.identityId],
  ["agent", "Agent", "For one agent", (each) => each.identityId],
];

export function policiesPage({ session }) {
  const body = h("div", {});
  load(body, () => all(session.api), ({ policies, complete }) => [
    !complete && h("p", { class: "muted gap" }, `The newest ${policies.length} are shown.`),
    h("div", { class: "layers" }, LAYERS.map((layer) => column(layer, policies, session.names))),
  ]);
  return {
    title: "Policies",
    element: h(
      "div",
      {},
      pageHead("Policies", "Asked from left to right. A matching deny wins at any layer, whatever the priorities; an allow only narrows."),
      body,
    ),
    close: () => {},
  };
}

async function all(api) {
  const policies = [];
  let cursor;
  for (let page = 0; page < PAGES; page++) {
    const answer = await api.get("/v1/policies", { limit: PAGE, cursor });
    policies.push(...answer.data);
    cursor = answer.cursor;
    if (!cursor) {
      break;
    }
  }
  return { policies, complete: !cursor };
}

function column([, title, text, belongs], policies, names) {
  const found = policies
    .filter(belongs)
    .sort((a, b) => (a.effect === b.effect ? b.priority - a.priority : a.effect === "deny" ? -1 : 1));
  return card(
    title,
    plural(found.length, "policy", "policies"),
    [
      h("p", { class: "muted gap" }, text),
      found.length === 0 ? empty("None at this layer") : h("ul", { class: "policies" }, found.map((each) => item(each, names))),
    ],
  );
}

function item(policy, names) {
  const conditions = policy.conditions ?? [];
  const obligations = policy.obligations ?? [];
  return h(
    "li",
    { class: `policy ${policy.effect}` },
    h(
      "div",
      { class: "policy-head" },
      pill(policy.effect, policy.effect === "deny" ? "bad" : "ok"),
      h("h3", {}, policy.name),
      h("span", { class: "muted push", title: "Priority" }, `priority ${policy.priority}`),
    ),
    policy.description && h("p", { class: "muted" }, policy.description),
    (policy.identityId || policy.workspaceId) &&
      h("p", {}, h("span", { class: "muted" }, "on "), names.link(policy.identityId ?? policy.workspaceId)),
    scopeList(policy.scopes),
    conditions.length > 0 &&
      h("ul", { class: "conditions" }, conditions.map((each, i) => h("li", {}, h("span", { class: "muted" }, i === 0 ? "when " : "and "), condition(each)))),
    obligations.length > 0 &&
      h("ul", { class: "conditions" }, obligations.map((each) => h("li", {}, h("span", { class: "muted" }, "then "), Object.entries(each).map(([name, value]) => `${name} ${value}`).join(", ")))),
  );
}
