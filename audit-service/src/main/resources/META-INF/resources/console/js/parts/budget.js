/** Budgets as bars. */
import { path } from "../api.js";
import { h } from "../dom.js";
import { number, percent } from "../format.js";

const METERS = {
  __proto__: null,
  actions: "Actions this hour",
  "cost-day": "Cost today",
  "cost-month": "Cost this month",
};

/** [{label, used, cap, share}] of an identity, from its ledger, or from its log where there is no ledger. */
export async function usageOf(api, identity) {
  const [ledger, activity] = await Promise.all([
    api.get(path`/v1/identities/${identity.id}/budget`).catch(() => null),
    api.get(path`/v1/identities/${identity.id}/activity`, { limit: 1 }).catch(() => null),
  ]);
  const meters = ledger?.usage?.meters;
  if (Array.isArray(meters)) {
    return meters.map((each) => line(METERS[each.meter] ?? each.meter, each.used, each.limit)).filter(Boolean);
  }
  const limits = { ...identity.budget, ...(ledger?.limits ?? ledger?.budget ?? {}) };
  const used = { ...activity?.budgetUsage, ...(ledger?.usage ?? {}) };
  return [
    line("Actions this hour", used.actionsThisHour, limits.maxActionsPerHour),
    line("Cost today", used.costToday, limits.maxCostPerDay),
  ].filter(Boolean);
}

function line(label, used, cap) {
  const limit = Number(cap);
  if (cap === undefined || cap === null || Number.isNaN(limit)) {
    return null;
  }
  const spent = Number(used ?? 0);
  return { label, used: spent, cap: limit, share: limit > 0 ? spent / limit : spent > 0 ? 1 : 0 };
}

export function budgetMeters(usage) {
  return h("div", { class: "meters" }, usage.map((each) => meter(each)));
}

function meter({ label, used, cap, share }) {
  const fill = h("div", { class: `meter-fill ${share >= 0.9 ? "bad" : share >= 0.5 ? "warn" : share > 0 ? "" : "none"}` });
  fill.style.setProperty("width", `${Math.min(100, share * 100)}%`);
  return h(
    "div",
    { class: "meter" },
    h(
      "div",
      { class: "meter-head" },
      h("span", { class: "muted" }, label),
      h("span", { class: "number" }, `${number(used)} of ${number(cap)} `, h("span", { class: "muted" }, `· ${percent(share)}`)),
    ),
    h(
      "div",
      { class: "meter-track", role: "meter", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": cap, "aria-valuenow": Math.min(used, cap) },
      fill,
    ),
  );
}
