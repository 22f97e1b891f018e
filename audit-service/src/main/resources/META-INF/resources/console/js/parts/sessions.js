/** The sessions of an agent that are still alive. */
import { announce, h, put } from "../dom.js";
import { ago, millis, plural, shortId } from "../format.js";
import { card, empty, load, scopeList, toast } from "./bits.js";
import { askReason } from "./dialog.js";

const PAGE = 50;
const SHOWN = 3;

export function sessionsCard(session, identityId) {
  const body = h("div", {});
  const refresh = () =>
    load(body, () => session.api.get("/v1/sessions", { identityId, limit: PAGE }), (page) => {
      const now = Date.now();
      const live = page.data.filter((each) => !each.ended && Math.max(Date.parse(each.expiresAt), Date.parse(each.refreshExpiresAt) || 0) > now);
      return live.length === 0 ? empty("No live sessions", "It holds no token that could be used.") : table(live, page.cursor, session, refresh);
    });
  return { element: card("Live sessions", null, body, { flush: true }), refresh };
}

function table(live, cursor, session, refresh) {
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "table" },
      h("thead", {}, h("tr", {}, ["Session", "Scopes", "Ends", ""].map((each) => h("th", { scope: "col" }, each || h("span", { class: "unseen" }, "Actions"))))),
      h(
        "tbody",
        {},
        live.map((each) =>
          h(
            "tr",
            {},
            h("td", { class: "tight" }, h("span", { class: "id", title: each.id }, shortId(each.id)), h("div", { class: "hint" }, "began ", ago(each.createdAt))),
            h("td", {}, fewScopes(each.scopes)),
            h("td", { class: "tight" }, ago(each.refreshExpiresAt ?? each.expiresAt)),
            h("td", {}, h("button", { class: "button danger small", type: "button", onclick: () => revoke(each, session, refresh) }, "Revoke")),
          ),
        ),
      ),
    ),
    cursor && h("p", { class: "hint table-note" }, `The newest ${PAGE} were looked at.`),
  );
}

function fewScopes(scopes) {
  const more = scopes.length - SHOWN;
  return [scopeList(scopes.slice(0, SHOWN)), more > 0 && h("div", { class: "hint", title: scopes.slice(SHOWN).join(" ") }, `and ${more} more`)];
}

async function revoke(target, session, refresh) {
  const reason = await askReason({
    title: "Revoke this session?",
    text: "Its access and refresh tokens are refused everywhere from now on.",
    action: "Revoke",
  });
  if (!reason) {
    return;
  }
  try {
    const answer = await session.api.post("/v1/revocations", { type: "session", id: target.id, reason, wait: "all" });
    const seen = answer.acknowledged;
    const text = seen ? `Revoked everywhere in ${millis(seen.maxMillis)}, ${plural(seen.verifiers, "verifier")} acknowledged it` : "Revoked";
    toast("ok", text);
    announce(text);
  } catch (failure) {
    toast("bad", failure.message);
  }
  refresh();
}
