/** What would happen if: a decision without spending or counting anything. */
import { path } from "../api.js";
import { announce, h, put } from "../dom.js";
import { reason } from "../format.js";
import { card, copyButton, empty, faultBox, field, loading, pageHead, scope } from "../parts/bits.js";
import { AgentPicker } from "../parts/agent-picker.js";
import { explanationTree } from "../parts/explanation.js";

export function decidePage({ session, query }) {
  const result = h("div", { "aria-live": "polite" }, card("Answer", null, empty("No question yet", "Choose an agent and a scope to see what would be decided, and why.")));
  const picker = new AgentPicker(session.api);
  const asked = h("input", { class: "input mono", placeholder: "stripe:orders:read", required: true, autocomplete: "off", spellcheck: "false", maxlength: 512 });
  const cost = h("input", { class: "input", inputmode: "decimal", placeholder: "0.00", autocomplete: "off" });
  const ip = h("input", { class: "input mono", placeholder: "203.0.113.7", autocomplete: "off", spellcheck: "false" });
  const more = h("textarea", { class: "input mono", rows: 3, placeholder: '{"risk": "low"}', spellcheck: "false" });
  const button = h("button", { class: "button primary", type: "submit" }, "Decide");
  const form = h(
    "form",
    {
      class: "stack",
      onsubmit: (event) => {
        event.preventDefault();
        decide(session, { id: picker.id, scope: asked.value.trim(), cost: cost.value, ip: ip.value, more: more.value }, result, button);
      },
    },
    h("div", { class: "combo" }, field("agent", "Agent", picker.input), picker.list),
    field("scope", "Scope", asked, "plane:resource:action, and a path if it has one"),
    h(
      "details",
      { class: "more" },
      h("summary", {}, "Context"),
      h("div", { class: "stack" }, h("div", { class: "pair" }, field("cost", "Cost", cost), field("ip", "IP address", ip)), field("more", "Attributes", more, "A JSON object that conditions can look at")),
    ),
    h("div", {}, button),
  );
  asked.value = query.get("scope") ?? "";
  prefill(session, query, picker, form, asked);
  return {
    title: "Try a decision",
    element: h(
      "div",
      {},
      pageHead("Try a decision", "Ask as an enforcement point would. It is a dry run: nothing is spent, counted or suspended."),
      h("div", { class: "grid-decide" }, card("Question", null, form), result),
    ),
    close: () => {},
  };
}

async function prefill(session, query, picker, form, asked) {
  const id = query.get("agent");
  if (id) {
    const agent = await session.api.get(path`/v1/identities/${id}`).catch(() => ({ id, name: id }));
    picker.choose(agent);
    if (asked.value) {
      form.requestSubmit();
    }
  }
}

async function decide(session, question, target, button) {
  put(target, card("Answer", null, loading()));
  button.disabled = true;
  try {
    const identityId = await resolve(session.api, question.id);
    const body = { identityId, scope: question.scope, context: contextOf(question), explain: true };
    const began = performance.now();
    const answer = await session.api.post("/v1/authorize", body);
    const took = performance.now() - began;
    const agent = await session.api.get(path`/v1/identities/${identityId}`).catch(() => null);
    put(target, answerCard(answer, { agent, scope: question.scope, took }, session.names));
    announce(`${answer.allowed ? "Allowed" : "Denied"}: ${reason(answer.reason)}`);
  } catch (failure) {
    put(target, card("Answer", null, faultBox(failure)));
  } finally {
    button.disabled = false;
  }
}

/** A name that was typed and not chosen is looked up. */
async function resolve(api, typed) {
  if (/^[a-z]+_[\w-]{8,}$/.test(typed)) {
    return typed;
  }
  const page = await api.get("/v1/identities", { name: typed, limit: 200 });
  const found = page.data.find((each) => each.name === typed) ?? (page.data.length === 1 ? page.data[0] : null);
  if (!found) {
    throw new Error(`No agent is called "${typed}"`);
  }
  return found.id;
}

function contextOf({ cost, ip, more }) {
  let context = {};
  if (more.trim()) {
    try {
      context = JSON.parse(more);
    } catch {
      throw new Error("The attributes are not valid JSON");
    }
    if (typeof context !== "object" || context === null || Array.isArray(context)) {
      throw new Error("The attributes have to be a JSON object");
    }
  }
  if (cost.trim()) {
    context.cost = Number(cost);
    if (!Number.isFinite(context.cost)) {
      throw new Error("The cost has to be a number");
    }
  }
  if (ip.trim()) {
    context.ip = ip.trim();
  }
  return Object.keys(context).length > 0 ? context : undefined;
}

function answerCard(answer, asked, names) {
  return h(
    "section",
    { class: "card verdict-card", "aria-label": "Answer" },
    h(
      "div",
      { class: `verdict ${answer.allowed ? "ok" : "bad"}`, "data-decision": answer.decision },
      h("span", { class: "verdict-mark", "aria-hidden": "true" }, answer.allowed ? "✓" : "✕"),
      h(
        "div",
        {},
        h("strong", {}, answer.allowed ? "Allow" : "Deny"),
        h("p", {}, reason(answer.reason)),
        h("div", { class: "verdict-asked" }, asked.agent?.name ?? "", " · ", scope(asked.scope)),
      ),
    ),
    h("div", { class: "card-body" }, h("h2", { class: "gap" }, "How it came about"), explanationTree(answer, asked, names)),
    h(
      "div",
      { class: "card-foot" },
      h("span", { class: "id" }, answer.decisionId),
      copyButton(answer.decisionId),
      h("span", { class: "muted push" }, `answered in ${asked.took.toFixed(0)} ms`),
    ),
    h("details", { class: "raw" }, h("summary", {}, "The answer as JSON"), h("pre", {}, JSON.stringify(answer, null, 2))),
  );
}
