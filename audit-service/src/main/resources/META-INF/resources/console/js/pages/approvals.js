/** Requests that wait for a human. */
import { path } from "../api.js";
import { announce, h, put } from "../dom.js";
import { ago, plural } from "../format.js";
import { empty, failed, load, pageHead, pill, scope, toast } from "../parts/bits.js";
import { askReason } from "../parts/dialog.js";

/** The pending ones, or null where approvals don't exist. */
export async function pendingApprovals(api) {
  try {
    const page = await api.get("/v1/approvals", { status: "pending", limit: 100 });
    return (page.data ?? []).filter((each) => (each.status ?? "pending") === "pending");
  } catch (failure) {
    if (failure.status === 404 || failure.status === 403) {
      return null;
    }
    throw failure;
  }
}

export function approvalsPage({ session, onApprovals }) {
  const body = h("div", {});
  const redraw = () =>
    load(body, () => pendingApprovals(session.api), (found) => {
      onApprovals(found);
      return list(found, session, redraw);
    });
  redraw();
  return {
    title: "Approvals",
    element: h(
      "div",
      {},
      pageHead("Approvals", "Agents wait for these. An approval passes the same request once, and nothing else."),
      session.principal.kind !== "human" &&
        h("p", { class: "notice" }, "Approvals are answered by a human's token. You are signed in with ", session.principal.kind === "key" ? "an API key" : "an agent's token", ", so you can only look."),
      body,
    ),
    close: () => {},
  };
}

function list(found, session, redraw) {
  if (found === null) {
    return h("div", { class: "card" }, empty("Approvals aren't available", "This server doesn't offer them, or your credential may not see them."));
  }
  if (found.length === 0) {
    return h("div", { class: "card" }, empty("Nobody is waiting", "When a policy asks for an approval, the request shows here."));
  }
  return [h("p", { class: "muted gap" }, plural(found.length, "request")), h("ul", { class: "approvals" }, found.map((each) => item(each, session, redraw)))];
}

function item(approval, session, redraw) {
  const context = Object.entries(approval.context ?? {});
  const answer = async (verb, title, danger) => {
    const reason = await askReason({
      title,
      text: "The answer is final, and recorded with your name.",
      action: verb === "approve" ? "Approve" : "Reject",
      danger,
      required: false,
    });
    if (reason === null) {
      return;
    }
    try {
      await session.api.post(`${path`/v1/approvals/${approval.id}`}/${verb}`, reason ? { reason } : {});
      toast("ok", verb === "approve" ? "Approved" : "Rejected");
      announce(verb === "approve" ? "Approved" : "Rejected");
    } catch (failure) {
      toast("bad", failure.message);
    }
    redraw();
  };
  return h(
    "li",
    { class: "card approval" },
    h(
      "div",
      { class: "approval-what" },
      h("div", { class: "denial-line" }, approval.identityId && session.names.link(approval.identityId), h("span", { class: "muted" }, "asked ", ago(approval.createdAt))),
      h("div", {}, scope(approval.scope)),
      context.length > 0 && h("div", { class: "muted" }, context.map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ")),
      approval.expiresAt && h("div", {}, pill("expires", "warn"), " ", ago(approval.expiresAt)),
    ),
    session.principal.kind === "human" &&
      h(
        "div",
        { class: "head-actions" },
        h("button", { class: "button danger", type: "button", onclick: () => answer("reject", "Reject this request?", true) }, "Reject"),
        h("button", { class: "button primary", type: "button", onclick: () => answer("approve", "Approve this request?", false) }, "Approve"),
      ),
  );
}
