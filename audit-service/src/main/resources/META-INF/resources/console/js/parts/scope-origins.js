/** Each scope an agent holds, where it comes from, and which ancestor bounds it. */
import { path } from "../api.js";
import { h } from "../dom.js";
import { empty, pill, scope } from "./bits.js";

/** So many scopes are checked against ancestors; the rest is shown without. */
const MOST_CHECKED = 24;

export async function scopeOrigins(session, agent, ancestors) {
  const [roles, above] = await Promise.all([rolesOf(session.api, agent), Promise.all(ancestors.map((each) => holdings(session.api, each)))]);
  const held = [
    ...(agent.scopes ?? []).map((text) => ({ text, from: pill("direct", "accent") })),
    ...roles.flatMap((role) => role.scopes.map((text) => ({ text, from: [pill("role", "accent"), " ", role.name] }))),
  ];
  if (held.length === 0) {
    return empty("No scopes of its own", "Its tokens carry what their issuer names, within what the issuer and its sponsors hold.");
  }
  const bounds = await Promise.all(held.map((each, i) => (i < MOST_CHECKED ? boundOf(session.api, each.text, above) : undefined)));
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "table" },
      h("thead", {}, h("tr", {}, ["Scope", "From", "Bounded by its sponsors"].map((each) => h("th", { scope: "col" }, each)))),
      h(
        "tbody",
        {},
        held.map((each, i) => h("tr", {}, h("td", {}, scope(each.text)), h("td", {}, each.from), h("td", {}, bounded(bounds[i], above)))),
      ),
    ),
  );
}

async function rolesOf(api, identity) {
  if (!identity.roles?.length) {
    return [];
  }
  const answer = await api.get(path`/v1/identities/${identity.id}/roles`).catch(() => ({ data: [] }));
  return answer.data;
}

/** What an ancestor holds; null when it has no standing scopes, so that it bounds nothing that can be read here. */
async function holdings(api, ancestor) {
  const roles = await rolesOf(api, ancestor);
  const scopes = [...(ancestor.scopes ?? []), ...roles.flatMap((role) => role.scopes)];
  return { ancestor, scopes };
}

/** The first ancestor that doesn't cover a scope, null when all do. */
async function boundOf(api, text, above) {
  for (const { ancestor, scopes } of above) {
    if (scopes.length > 0) {
      const answer = await api.post("/v1/scopes/check", { granted: scopes, requested: text }).catch(() => null);
      if (!answer) {
        return undefined;
      }
      if (!(answer.allowed)) {
        return ancestor;
      }
    }
  }
  return null;
}

function bounded(bound, above) {
  if (above.length === 0) {
    return h("span", { class: "muted" }, "sponsored by a human");
  }
  if (bound === undefined) {
    return h("span", { class: "muted" }, "–");
  }
  return bound === null
    ? h("span", { class: "muted" }, pill("inherited", "ok"), ` held by ${above.length === 1 ? above[0].ancestor.name : `all ${above.length} above`}`)
    : h("span", {}, pill("cut off", "bad"), " not held by ", h("a", { href: `#/agents/${encodeURIComponent(bound.id)}` }, bound.name));
}
