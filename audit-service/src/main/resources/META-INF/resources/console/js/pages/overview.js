/** How the organisation's agents are doing. */
import { path } from "../api.js";
import { h, put } from "../dom.js";
import { ago, number, percent, reason } from "../format.js";
import { card, empty, failed, load, loading, pageHead, pill, scope } from "../parts/bits.js";
import { budgetMeters, usageOf } from "../parts/budget.js";
import { bars } from "../parts/chart.js";
import { isDecision } from "../parts/entries.js";

const BUCKET_SECONDS = 10;
const BUCKETS = 60;
const STATS_MILLIS = 5_000;
const CANDIDATES = 16;
const NEAR = 0.5;

export function overviewPage({ session }) {
  const figures = h("div", { class: "figures" }, loading());
  const chart = h("div", {});
  const denials = h("div", {});
  const reasons = h("div", {});
  const budgets = h("div", {});
  const draw = () => {
    drawChart(chart, session.feed);
    drawReasons(reasons, session.feed);
  };
  const follow = (fresh) => {
    draw();
    if (fresh.some((entry) => entry.result === "denied")) {
      drawDenials(denials, session);
    }
  };
  draw();
  drawDenials(denials, session);
  load(budgets, () => nearCaps(session), (found) => budgetList(found, session.names));
  const stop = [session.feed.subscribe(follow), repeat(STATS_MILLIS, () => drawFigures(figures, session.api)), repeat(2_000, draw)];
  return {
    title: "Overview",
    element: h(
      "div",
      {},
      pageHead("Overview", "What your agents ask for, what they get, and what stops them."),
      figures,
      h(
        "div",
        { class: "grid-2 even" },
        card("Decisions", legend(), chart),
        card("Why they were denied", "recent denials", reasons),
        card("Latest denials", h("a", { href: "#/live" }, "Live feed"), denials, { flush: true }),
        card("Budgets near their caps", "agents seen lately", budgets),
      ),
    ),
    close: () => stop.forEach((each) => each()),
  };
}

function repeat(millis, action) {
  action();
  const timer = setInterval(() => document.hidden || action(), millis);
  return () => clearInterval(timer);
}

function legend() {
  return h("span", { class: "legend" }, h("i", { class: "key-ok" }), "allowed ", h("i", { class: "key-bad" }), "denied · per 10 s");
}

async function drawFigures(target, api) {
  try {
    const stats = await api.get("/v1/stats");
    const share = stats.scopeChecks > 0 ? stats.scopeDenials / stats.scopeChecks : 0;
    const shown = [
      ["Decisions", number(stats.scopeChecks), "since the first one"],
      ["Denied", number(stats.scopeDenials), `${percent(share)} of all`],
      ["Tokens issued", number(stats.tokensIssued), `${number(stats.tokensRevoked)} revoked`],
      ["Active agents", number(stats.activeIdentities), `${number(stats.suspendedIdentities)} suspended`],
    ];
    if (target.childElementCount !== shown.length) {
      put(target, shown.map(() => h("div", { class: "card figure" }, h("span"), h("strong"), h("small"))));
    }
    shown.forEach((texts, i) => texts.forEach((text, j) => (target.children[i].children[j].textContent = text)));
  } catch (failure) {
    put(target, h("div", { class: "card" }, failed(failure)));
  }
}

function drawChart(target, feed) {
  const width = BUCKET_SECONDS * 1000;
  const last = Math.floor(Date.now() / width);
  const buckets = Array.from({ length: BUCKETS }, (_, i) => bucket((last - BUCKETS + 1 + i) * width, i));
  for (const entry of feed.entries.filter(isDecision)) {
    const i = Math.floor(Date.parse(entry.timestamp) / width) - last + BUCKETS - 1;
    if (buckets[i]) {
      const denied = Number(entry.metadata?.denied ?? (entry.result === "denied" ? 1 : 0));
      const count = Number(entry.metadata?.count ?? 1);
      buckets[i].denied += denied;
      buckets[i].allowed += Math.max(0, count - denied);
    }
  }
  put(target, bars(buckets, "Decisions of the last ten minutes"));
}

function bucket(start, i) {
  const at = new Date(start);
  const label = at.toTimeString().slice(0, 8);
  return { allowed: 0, denied: 0, label, tick: at.getMinutes() % 2 === 0 && at.getSeconds() === 0 && i > 0 ? label.slice(0, 5) : "" };
}

function drawReasons(target, feed) {
  const counts = new Map();
  for (const entry of feed.entries.filter((each) => each.result === "denied")) {
    const slug = entry.metadata?.reason ?? entry.metadata?.code ?? entry.action;
    counts.set(slug, (counts.get(slug) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 6);
  if (sorted.length === 0) {
    put(target, empty("Nothing was denied", "Denials show here by their reason as they happen."));
    return;
  }
  const most = sorted[0][1];
  put(
    target,
    h(
      "ul",
      { class: "reasons" },
      sorted.map(([slug, count]) => {
        const bar = h("div", { class: "meter-fill bad" });
        bar.style.setProperty("width", `${(count / most) * 100}%`);
        return h(
          "li",
          { class: "meter" },
          h("div", { class: "meter-head" }, h("span", {}, reason(slug)), h("span", { class: "number" }, number(count))),
          h("div", { class: "meter-track" }, bar),
        );
      }),
    ),
  );
}

async function drawDenials(target, session) {
  const draw = (entries) =>
    entries.length === 0
      ? put(target, empty("No denials", "What agents are refused shows here, with the reason."))
      : put(target, h("ul", { class: "denials" }, entries.map((entry) => denial(entry, session.names))));
  try {
    const page = await session.api.get("/v1/audit", { result: "denied", limit: 6 });
    draw(page.entries);
  } catch (failure) {
    put(target, failed(failure, () => drawDenials(target, session)));
  }
}

function denial(entry, names) {
  const asked = entry.metadata?.scope ?? entry.metadata?.required;
  return h(
    "li",
    {},
    h(
      "div",
      { class: "denial-line" },
      h(
        "span",
        {},
        entry.identityId ? names.link(entry.identityId) : h("span", { class: "muted" }, entry.action),
        " ",
        asked ? scope(asked) : h("code", {}, entry.action),
      ),
      h("span", { class: "muted" }, ago(entry.timestamp)),
    ),
    h(
      "div",
      { class: "denial-why" },
      reason(entry.metadata?.reason ?? entry.metadata?.code ?? ""),
      entry.metadata?.policy && [": ", names.label(entry.metadata.policy)],
    ),
  );
}

/** Agents that were active lately, or are new, and have a budget: those can come near a cap. */
async function nearCaps(session) {
  const page = await session.api.get("/v1/identities", { status: "active", limit: 100 });
  page.data.forEach((each) => session.names.learn(each.id, each.name));
  const listed = page.data.filter((each) => each.budget).map((each) => each.id);
  const seen = session.feed.entries.filter((entry) => isDecision(entry)).map((entry) => entry.identityId);
  const candidates = [...new Set([...seen, ...listed].filter(Boolean))].slice(0, CANDIDATES);
  const found = await Promise.all(candidates.map((id) => budgetOf(session.api, id)));
  return found
    .filter((each) => each && each.usage.length > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, 5);
}

async function budgetOf(api, id) {
  const identity = await api.get(path`/v1/identities/${id}`).catch(() => null);
  if (!identity) {
    return null;
  }
  const usage = await usageOf(api, identity);
  return { id, name: identity.name, usage, share: Math.max(0, ...usage.map((each) => each.share)) };
}

function budgetList(found, names) {
  if (found.length === 0) {
    return empty("No budgets in use", "Give an agent a budget and it shows here as it nears its cap.");
  }
  return h(
    "ul",
    { class: "budget-list" },
    found.map((each) =>
      h(
        "li",
        {},
        h("div", { class: "denial-line" }, names.link(each.id), each.share >= NEAR && pill("near its cap", each.share >= 0.9 ? "bad" : "warn")),
        budgetMeters(each.usage.filter((line) => line.share === each.share).slice(0, 1)),
      ),
    ),
  );
}
