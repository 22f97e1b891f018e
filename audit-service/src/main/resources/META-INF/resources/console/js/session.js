/** Who is signed in. Lives in memory alone: a reload signs out. */
import { Api, Problem } from "./api.js";
import { Feed } from "./feed.js";
import { Names } from "./names.js";

/** Signs in, or throws the {@link Problem} that says why not. */
export async function signIn(credential, onLost) {
  let session;
  let entered = false;
  const api = new Api(credential, (problem) => entered && onLost(session, problem));
  const seen = await whatItMaySee(api);
  entered = true;
  session = new Session(api, describe(credential, seen));
  return session;
}

class Session {
  constructor(api, principal) {
    this.api = api;
    this.principal = principal;
    this.feed = new Feed(api);
    this.names = new Names(api);
    this.feed.start();
  }

  close() {
    this.feed.stop();
  }
}

/** A credential that may see nothing at all is still a valid one; only 401 says that it isn't. */
async function whatItMaySee(api) {
  try {
    const page = await api.get("/v1/identities", { limit: 1 });
    return page.data?.[0] ?? null;
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 403) {
      return null;
    }
    throw failure;
  }
}

function describe(credential, identity) {
  const claims = claimsOf(credential);
  if (claims) {
    const subject = String(claims.sub ?? "");
    return {
      kind: subject.startsWith("user_") ? "human" : "token",
      name: subject,
      org: String(claims.org ?? identity?.orgId ?? ""),
    };
  }
  return { kind: "key", name: `${credential.slice(0, 10)}…`, org: identity?.orgId ?? "" };
}

/** What a token says of itself: shown, never trusted. */
function claimsOf(credential) {
  const payload = credential.replace(/^relay_(?:ag|pa)_/, "").split(".")[1];
  if (!payload) {
    return null;
  }
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
