/** Why a decision came out as it did: a tree, in the order in which the questions are asked. */
import { h } from "../dom.js";
import { reason } from "../format.js";
import { pill, scope } from "./bits.js";
import { condition } from "./conditions.js";

/** @param asked {agent, scope} */
export function explanationTree(answer, asked, names) {
  const told = answer.explanation ?? {};
  return h(
    "ol",
    { class: "tree" },
    [
      identityStep(answer, asked, names),
      grantStep(answer, told, asked, names),
      told.boundary && step("bad", "Ancestors", h("div", {}, "Not held by ", names.link(told.boundary), ", whose rights bound this agent's")),
      policySteps(told.policies ?? []),
      budgetStep(answer),
      obligationStep(answer.obligations ?? []),
      step(answer.allowed ? "ok" : "bad", answer.allowed ? "Allow" : "Deny", h("div", {}, named(told.summary ?? reason(answer.reason), names))),
    ].filter(Boolean),
  );
}

/** A sentence of the server's with the ids in it replaced by what they are called. */
function named(sentence, names) {
  return String(sentence)
    .split(/\b((?:pol|role|agent|user)_[\w-]{6,})/)
    .map((part, i) => (i % 2 === 1 ? h("strong", {}, names.label(part)) : part));
}

function step(kind, title, text, children) {
  const mark = { ok: "✓", bad: "✕", idle: "·", warn: "!" }[kind];
  const said = { ok: "passed", bad: "failed", idle: "does not apply", warn: "with a condition" }[kind];
  return h(
    "li",
    { class: `step ${kind}` },
    h("span", { class: "step-mark", "aria-hidden": "true" }, mark),
    h(
      "div",
      { class: "step-body" },
      h("div", { class: "step-title" }, title, h("span", { class: "unseen" }, ` (${said})`)),
      text && h("div", { class: "step-text" }, text),
      children?.length > 0 && h("ol", { class: "tree" }, children),
    ),
  );
}

function identityStep(answer, { agent }, names) {
  const dead = ["identity_suspended", "identity_retired", "identity_not_found", "org_mismatch", "token_revoked"];
  const failed = dead.includes(answer.reason);
  const chain = agent?.sponsorChain ?? [];
  return step(
    failed ? "bad" : "ok",
    "Who is asking",
    failed
      ? reason(answer.reason)
      : chain.length > 0 && h("div", {}, chain.map((id, i) => [i > 0 && h("span", { class: "muted" }, " → "), names.link(id)])),
  );
}

function grantStep(answer, told, asked, names) {
  const grant = told.grant ?? (answer.matched?.grant ? answer.matched : null);
  if (grant?.grant) {
    const from =
      grant.via === "role" ? ["by role ", names.label(grant.role)] : { direct: "held directly", inherited: "inherited", issuer: "as its issuer names it" }[grant.via];
    return step("ok", "A grant covers it", h("div", {}, scope(grant.grant), " ", from ?? ""));
  }
  const miss = told.nearestMiss;
  if (miss) {
    const source =
      miss.source === "direct" ? "held directly" : miss.source === "token" ? "in the token" : ["by role ", names.label(miss.source)];
    return step("bad", "No grant covers it", [
      h("div", {}, "Asked for ", scope(asked.scope, miss.segment)),
      h("div", {}, "Closest is ", scope(miss.scope, miss.segment), " ", source),
      h("div", { class: "muted" }, `They part at the ${miss.segment}.`),
    ]);
  }
  return answer.reason === "implicit_deny" || answer.reason === "scope_not_in_token"
    ? step("bad", "No grant covers it", h("div", {}, "Asked for ", scope(asked.scope)))
    : null;
}

function policySteps(policies) {
  if (policies.length === 0) {
    return step("idle", "Policies", "None speaks about this scope.");
  }
  const denied = policies.some((each) => each.matched && each.effect === "deny");
  return step(
    denied ? "bad" : "ok",
    "Policies",
    denied ? "A matching deny wins, whatever the priorities." : "None of them objects.",
    policies.map((each) => policyStep(each)),
  );
}

function policyStep(policy) {
  const kind = !policy.matched ? "idle" : policy.effect === "deny" ? "bad" : "ok";
  return step(
    kind,
    [policy.name, " ", pill(policy.layer), " ", pill(policy.effect, policy.effect === "deny" ? "bad" : "ok")],
    policy.matched ? `Matches, at priority ${policy.priority}.` : "Does not match.",
    (policy.conditions ?? []).map((each) =>
      step(each.result === "met" ? "ok" : each.result === "unmet" ? "idle" : "warn", condition(each.condition), each.result),
    ),
  );
}

function budgetStep(answer) {
  if (["budget_exceeded", "rate_exceeded"].includes(answer.reason)) {
    return step("bad", "Budget", reason(answer.reason));
  }
  const left = Object.entries(answer.budget ?? {}).filter(([, value]) => typeof value !== "object");
  return left.length > 0 && step("ok", "Budget", left.map(([name, value]) => `${name}: ${value}`).join(" · "));
}

function obligationStep(obligations) {
  return (
    obligations.length > 0 &&
    step(
      "warn",
      "On condition",
      obligations.map((each) => h("div", {}, Object.entries(each).map(([name, value]) => `${name}: ${value}`).join(" · "))),
    )
  );
}
