/** Starts the console: a door, and behind it one page at a time, chosen by the part of the address after `#`. */
import { put } from "./dom.js";
import { agentPage } from "./pages/agent.js";
import { agentsPage } from "./pages/agents.js";
import { approvalsPage, pendingApprovals } from "./pages/approvals.js";
import { decidePage } from "./pages/decide.js";
import { livePage } from "./pages/live.js";
import { overviewPage } from "./pages/overview.js";
import { policiesPage } from "./pages/policies.js";
import { signInPage } from "./pages/sign-in.js";
import { shell } from "./shell.js";
import { applyTheme } from "./theme.js";

const APPROVALS_MILLIS = 15_000;
const PAGES = new Map([
  ["overview", overviewPage],
  ["live", livePage],
  ["agents", agentsPage],
  ["decide", decidePage],
  ["policies", policiesPage],
  ["approvals", approvalsPage],
]);

const app = document.getElementById("app");
let session = null;
let frame = null;
let page = null;
let approvalsTimer;

function signedOut(notice) {
  clearInterval(approvalsTimer);
  page?.close?.();
  session?.close();
  session = frame = page = null;
  const door = signInPage({ notice, onLost: lost, onSignedIn: signedIn });
  document.title = "RelayAuth console";
  put(app, door.element);
  door.focus.focus();
}

function lost(from, problem) {
  if (from && from === session) {
    signedOut(problem.code === "token_expired" ? "Your token has expired." : "Your key or token isn't valid any more.");
  }
}

function signedIn(fresh) {
  session = fresh;
  frame = shell(session, () => signedOut());
  put(app, frame.element);
  approvalsTimer = setInterval(countApprovals, APPROVALS_MILLIS);
  countApprovals();
  route();
}

async function countApprovals() {
  const current = session;
  const pending = document.hidden ? undefined : await pendingApprovals(session.api).catch(() => undefined);
  if (current === session && pending !== undefined) {
    frame.approvals(pending);
    if (pending === null) {
      clearInterval(approvalsTimer);
    }
  }
}

function route() {
  if (!session) {
    return;
  }
  const [where, search = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, id] = where.split("/").map(decoded);
  page?.close?.();
  const make = id && name === "agents" ? agentPage : PAGES.get(name) ?? overviewPage;
  page = make({ session, id, query: new URLSearchParams(search), onApprovals: (pending) => frame.approvals(pending) });
  frame.show(page, PAGES.has(name) ? name : "overview");
  document.title = `${page.title} · RelayAuth`;
  frame.focus();
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main")?.focus();
});
addEventListener("hashchange", route);
// A browser may keep a page that was left, with its credential and its open stream, to show it again.
addEventListener("pagehide", () => session && signedOut());
applyTheme();
signedOut();
