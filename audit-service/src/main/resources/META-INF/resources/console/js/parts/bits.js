/** Small things that every page shows. */
import { h } from "../dom.js";
import { Problem } from "../api.js";

const STATUS = { active: "ok", suspended: "warn", retired: "", deleted: "" };
const RESULT = { allowed: "ok", denied: "bad", error: "warn" };

export function statusPill(status) {
  return h("span", { class: `pill ${STATUS[status] ?? ""}` }, status ?? "unknown");
}

export function resultPill(result) {
  return h("span", { class: `pill ${RESULT[result] ?? ""}` }, result ?? "–");
}

export function pill(text, kind = "", more = "plain") {
  return h("span", { class: `pill ${kind} ${more}` }, text);
}

/** A scope; the segment that failed is marked. */
export function scope(text, fault) {
  const parts = String(text ?? "").split(":");
  const index = ["plane", "resource", "action", "path"].indexOf(fault);
  if (index < 0 || parts.length <= index) {
    return h("span", { class: "scope" }, text);
  }
  const tail = [...parts.slice(0, 3), ...(parts.length > 3 ? [parts.slice(3).join(":")] : [])];
  return h(
    "span",
    { class: "scope" },
    tail.map((part, i) => [i > 0 && ":", i === index ? h("span", { class: "fault" }, part) : part]),
  );
}

export function scopeList(scopes) {
  return h("div", { class: "scopes" }, (scopes ?? []).map((each) => scope(each)));
}

export function card(title, aside, body, { flush = false, id } = {}) {
  return h(
    "section",
    { class: "card", "aria-label": title, id },
    h("div", { class: "card-head" }, h("h2", {}, title), aside && h("div", { class: "aside" }, aside)),
    h("div", { class: flush ? "card-body flush" : "card-body" }, body),
  );
}

export function pageHead(title, subtitle, ...actions) {
  return h(
    "header",
    { class: "head" },
    h("div", { class: "head-text" }, h("h1", {}, title), subtitle && h("p", {}, subtitle)),
    actions.length > 0 && h("div", { class: "head-actions" }, actions),
  );
}

export function loading(label = "Loading") {
  return h("div", { class: "skeleton", role: "status", "aria-label": label }, h("span"), h("span"), h("span"));
}

export function empty(title, text, ...more) {
  return h("div", { class: "state" }, h("strong", {}, title), text && h("p", {}, text), more);
}

/** What went wrong, in the server's words, and how to try again. */
export function failed(failure, retry) {
  if (failure instanceof Problem && failure.status === 403) {
    return empty(
      "Not yours to see",
      `This needs ${[failure.required].flat().filter(Boolean).join(", ") || "a scope"} that your credential doesn't have.`,
    );
  }
  return h(
    "div",
    { class: "state", role: "alert" },
    h("strong", {}, "That didn't work"),
    h("p", {}, failure.message),
    failure.requestId && h("span", { class: "id" }, failure.requestId),
    retry && h("button", { class: "button small", type: "button", onclick: retry }, "Try again"),
  );
}

export function faultBox(failure) {
  return h(
    "div",
    { class: "fault-box", role: "alert" },
    failure.message,
    failure.errors?.map((each) => h("div", {}, h("code", {}, each.pointer), " ", each.detail)),
    failure.requestId && h("div", { class: "id" }, failure.requestId),
  );
}

/** Fills an element once something has come; shows that it is coming, or why it doesn't. */
export async function load(target, work, render) {
  target.replaceChildren(loading());
  try {
    const found = await work();
    target.replaceChildren(...[render(found)].flat().filter(Boolean));
  } catch (failure) {
    if (failure.name !== "AbortError") {
      target.replaceChildren(failed(failure, () => load(target, work, render)));
    }
  }
}

export function toast(kind, text) {
  const close = h("button", { class: "button quiet small", type: "button", onclick: () => box.remove() }, "Dismiss");
  const box = h("div", { class: `toast ${kind}`, role: kind === "bad" ? "alert" : "status" }, h("p", {}, text), close);
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), 9_000);
}

export function copyButton(text) {
  const button = h(
    "button",
    {
      class: "button quiet small",
      type: "button",
      "aria-label": `Copy ${text}`,
      onclick: async () => {
        await navigator.clipboard?.writeText(text).catch(() => {});
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy"), 1_200);
      },
    },
    "Copy",
  );
  return button;
}

/** Buttons of which one is pressed. */
export function segments(label, options, chosen, onChoose) {
  const buttons = options.map(([value, text]) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(value === chosen),
        onclick: () => {
          buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(options[i][0] === value)));
          onChoose(value);
        },
      },
      text,
    ),
  );
  return h("div", { class: "segments", role: "group", "aria-label": label }, buttons);
}

export function field(id, label, input, hint) {
  input.id = id;
  if (hint) {
    input.setAttribute("aria-describedby", `${id}-hint`);
  }
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    input,
    hint && h("span", { class: "hint", id: `${id}-hint` }, hint),
  );
}
