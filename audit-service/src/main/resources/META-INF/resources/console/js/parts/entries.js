/** Entries of the audit log as rows that open. */
import { h } from "../dom.js";
import { clock, reason } from "../format.js";
import { copyButton, pill, resultPill, scope } from "./bits.js";

const NAMED = new Set(["scope", "reason", "decisionId", "policyRevision", "grant", "role", "policy", "actorId", "name", "dry"]);

export function isDecision(entry) {
  return entry.action === "scope.checked" || entry.action === "scope.denied";
}

/** A row: when, how it ended, who, what, why; everything else on opening it. */
export function entryRow(entry, names, { withAgent = true, fresh = false } = {}) {
  const facts = h("div", { class: "entry-facts" });
  const row = h(
    "details",
    { class: `entry ${withAgent ? "" : "narrow"} ${fresh ? "fresh" : ""}`, "data-id": entry.id, "data-result": entry.result },
    h(
      "summary",
      {},
      h("span", { class: "entry-when" }, clock(entry.timestamp)),
      resultPill(entry.result),
      withAgent && h("span", { class: "entry-who" }, who(entry, names)),
      h("span", { class: "entry-what" }, what(entry)),
      h("span", { class: "entry-why" }, why(entry, names)),
    ),
    facts,
  );
  row.addEventListener("toggle", () => row.open && facts.childElementCount === 0 && facts.append(detail(entry, names)));
  return row;
}

function who(entry, names) {
  return entry.identityId ? names.link(entry.identityId) : h("span", { class: "muted" }, "–");
}

function what(entry) {
  const asked = entry.metadata?.scope ?? entry.metadata?.required;
  if (isDecision(entry) && asked) {
    return scope(asked);
  }
  const detail = entry.metadata?.name ?? entry.resource ?? "";
  return [h("code", {}, entry.action), detail && h("span", { class: "muted" }, ` ${detail}`)];
}

function why(entry, names) {
  const data = entry.metadata ?? {};
  if (data.count) {
    return `${data.count} decisions at once, ${data.denied ?? 0} denied`;
  }
  if (entry.result === "allowed" && data.grant) {
    return [h("span", { class: "muted" }, "by "), h("code", {}, data.grant), data.role && [h("span", { class: "muted" }, " of role "), names.label(data.role)], dry(data)];
  }
  return [
    data.reason ? reason(data.reason) : "",
    data.policy && [": ", names.label(data.policy)],
    dry(data),
  ];
}

function dry(data) {
  return data.dry === "true" && [" ", pill("dry run")];
}

function detail(entry, names) {
  const data = entry.metadata ?? {};
  const rest = Object.entries(data).filter(([name]) => !NAMED.has(name));
  const facts = [
    ["Action", h("code", {}, entry.action)],
    ["Scope", data.scope && scope(data.scope)],
    ["Covered by", data.grant && scope(data.grant)],
    ["Role", data.role && names.label(data.role)],
    ["Policy", data.policy && names.label(data.policy)],
    ["Reason", data.reason && [reason(data.reason), " ", h("span", { class: "id" }, data.reason)]],
    ["On behalf of", entry.sponsorChain?.length > 0 && chain(entry.sponsorChain, names)],
    ["Asked by", data.actorId && names.link(data.actorId)],
    ["Decision", data.decisionId && identifier(data.decisionId)],
    ["Policy revision", data.policyRevision],
    ["Token", entry.tokenId && identifier(entry.tokenId)],
    ["From", [entry.ip, entry.userAgent].filter(Boolean).join(" · ")],
    ["Trace", entry.traceId && identifier(entry.traceId)],
    ["Request", entry.requestId && identifier(entry.requestId)],
    ["Entry", identifier(entry.id)],
    ...rest.map(([name, value]) => [name, h("span", { class: "entry-text" }, String(value))]),
  ];
  return h(
    "dl",
    { class: "facts" },
    facts.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
  );
}

function chain(ids, names) {
  return ids.map((id, i) => [i > 0 && h("span", { class: "muted" }, " → "), names.link(id)]);
}

function identifier(id) {
  return [h("span", { class: "id" }, id), " ", copyButton(id)];
}
