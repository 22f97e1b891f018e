/** The public API, called with the credential that was entered; it never leaves this object. */

const TIMEOUT_MILLIS = 20_000;
/** How long reads ask for what the last write wrote; by then every service has it anyway. */
const REVISION_MILLIS = 10_000;

/** What the API refused, in its own words (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? body?.message ?? body?.title ?? `The server answered ${status}`);
    this.status = status;
    this.code = body?.code ?? "";
    this.requestId = body?.requestId ?? "";
    this.required = body?.required;
    this.errors = Array.isArray(body?.errors) ? body.errors : [];
  }
}

export class Api {
  #credential;
  #revision = "";
  #revisionUntil = 0;
  #onUnauthorized;

  constructor(credential, onUnauthorized) {
    this.#credential = credential;
    this.#onUnauthorized = onUnauthorized;
  }

  get(path, query, options) {
    return this.#json("GET", path, { query, ...options });
  }

  post(path, body, options) {
    return this.#json("POST", path, { body: body ?? {}, ...options });
  }

  /** A response whose body is read as it comes. */
  async stream(path, headers, signal) {
    const response = await fetch(url(path), this.#request("GET", headers, undefined, signal));
    if (!response.ok) {
      throw await this.#problem(response);
    }
    return response;
  }

  async #json(method, path, { query, body, signal } = {}) {
    const limit = AbortSignal.timeout(TIMEOUT_MILLIS);
    const request = this.#request(
      method,
      body === undefined ? {} : { "Content-Type": "application/json" },
      body === undefined ? undefined : JSON.stringify(body),
      signal ? AbortSignal.any([signal, limit]) : limit,
    );
    const response = await send(url(path, query), request);
    if (!response.ok) {
      throw await this.#problem(response);
    }
    this.#remember(response);
    return response.status === 204 ? null : response.json();
  }

  #request(method, headers, body, signal) {
    const all = { Accept: "application/json", ...headers };
    if (this.#credential.startsWith("rak_")) {
      all["x-api-key"] = this.#credential;
    } else {
      all.Authorization = `Bearer ${this.#credential}`;
    }
    if (this.#revision && performance.now() < this.#revisionUntil) {
      all["Relay-Revision"] = this.#revision;
    }
    return { method, headers: all, body, signal, cache: "no-store", credentials: "omit", redirect: "error" };
  }

  #remember(response) {
    const revision = response.headers.get("Relay-Revision");
    if (revision) {
      this.#revision = revision;
      this.#revisionUntil = performance.now() + REVISION_MILLIS;
    }
  }

  async #problem(response) {
    const body = await response.json().catch(() => null);
    const problem = new Problem(response.status, body);
    if (response.status === 401) {
      this.#onUnauthorized(problem);
    }
    return problem;
  }
}

async function send(target, request) {
  try {
    return await fetch(target, request);
  } catch (failure) {
    if (failure.name === "AbortError") {
      throw failure;
    }
    const detail =
      failure.name === "TimeoutError" ? "The server did not answer in time" : "The server can't be reached";
    throw new Problem(0, { detail });
  }
}

function url(path, query) {
  const target = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") {
      target.searchParams.set(name, value);
    }
  }
  return target;
}

/** A path with its parts escaped: path`/v1/identities/${id}`. */
export function path(literals, ...values) {
  return literals.reduce((all, literal, i) => all + encodeURIComponent(values[i - 1]) + literal);
}
