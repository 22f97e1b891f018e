/** How things are said to people. */
import { h } from "./dom.js";

const NUMBER = new Intl.NumberFormat("en");
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });
const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
];

const REASONS = {
  granted: "A grant covers it and no policy objects",
  implicit_deny: "No grant covers it",
  org_policy_deny: "An organisation policy denies it",
  workspace_policy_deny: "A workspace policy denies it",
  agent_policy_deny: "A policy on this agent denies it",
  identity_suspended: "The agent, or someone above it, is suspended",
  identity_retired: "The agent is retired",
  identity_not_found: "There is no such agent",
  org_mismatch: "The token belongs to another organisation",
  token_invalid: "The token can't be trusted",
  token_expired: "The token has expired",
  token_revoked: "The token has been revoked",
  scope_not_in_token: "The token doesn't carry this scope",
  budget_exceeded: "The budget is used up",
  rate_exceeded: "Too many actions in the window",
  approval_required: "A human has to approve it first",
  revocation_feed_stale: "Revocations may be missing, so nothing is permitted",
  insufficient_scope: "The credential lacks the scope of this route",
};

/** A reason as a sentence; one we don't know stays as it is. */
export function reason(slug) {
  return Object.hasOwn(REASONS, slug) ? REASONS[slug] : String(slug ?? "").replaceAll("_", " ");
}

export function number(value) {
  return typeof value === "number" ? (value >= 100_000 ? COMPACT : NUMBER).format(value) : "–";
}

export function percent(share) {
  return Number.isFinite(share) ? `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%` : "–";
}

export function plural(count, one, many = `${one}s`) {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}

/** "3 min" between two moments, never negative. */
export function span(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** When something happened, or will: relative to read, absolute to hover over. */
export function ago(instant) {
  const at = new Date(instant);
  const millis = Date.now() - at.getTime();
  if (Number.isNaN(millis)) {
    return h("span", { class: "muted" }, "–");
  }
  const text = Math.abs(millis) < 1500 ? "now" : millis > 0 ? `${span(millis)} ago` : `in ${span(-millis)}`;
  return h("time", { datetime: at.toISOString(), title: MOMENT.format(at) }, text);
}

/** The time of day, with the day when it isn't today. */
export function clock(instant) {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) {
    return h("span", { class: "muted" }, "–");
  }
  const today = at.toDateString() === new Date().toDateString();
  const text = today ? CLOCK.format(at) : `${DAY.format(at)} ${CLOCK.format(at)}`;
  return h("time", { datetime: at.toISOString(), title: MOMENT.format(at) }, text);
}

/** `agent_9f3k…x2` */
export function shortId(id) {
  const text = String(id ?? "");
  return text.length > 20 ? `${text.slice(0, 13)}…${text.slice(-4)}` : text;
}

/** Milliseconds as a person would say them. */
export function millis(value) {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}
