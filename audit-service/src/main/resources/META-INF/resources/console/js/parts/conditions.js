/** A policy's condition as a phrase. */
import { h } from "../dom.js";

const OPERATORS = {
  __proto__: null,
  eq: "is",
  neq: "is not",
  in: "is one of",
  not_in: "is none of",
  gt: "is more than",
  lt: "is less than",
  matches: "matches",
};
const SUBJECTS = {
  __proto__: null,
  time: "time",
  ip: "IP address",
  identity: "agent",
  workspace: "workspace",
  sponsor: "sponsor",
  depth: "chain depth",
  token_age: "token age",
};

export function condition(given) {
  const { type, operator, value, ...rest } = given ?? {};
  const subject = SUBJECTS[type] ?? rest.attribute ?? rest.name ?? rest.key ?? type;
  const shown = Array.isArray(value) ? value.join(", ") : typeof value === "object" && value ? JSON.stringify(value) : String(value);
  return h("span", {}, `${subject} ${OPERATORS[operator] ?? operator} `, h("code", {}, shown));
}
