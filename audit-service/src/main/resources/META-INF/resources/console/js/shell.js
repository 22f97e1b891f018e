/** What surrounds every page: the menu, who is signed in, and the way out. */
import { h, put, s } from "./dom.js";
import { themeButton } from "./parts/theme-button.js";

const ITEMS = [
  ["overview", "Overview", "M2 13V8m4 5V3m4 10V6m4 7v-3"],
  ["live", "Live feed", "M1.5 8H4l2-5 4 10 2-5h2.5"],
  ["agents", "Agents", "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8ZM3 13.5c.5-2.4 2.5-3.5 5-3.5s4.5 1.1 5 3.5"],
  ["decide", "Try a decision", "M8 2v4m0 0L3.5 10.5M8 6l4.5 4.5M2 12.5h3m6 0h3"],
  ["policies", "Policies", "M3 4.5h10M3 8h10M3 11.5h6"],
  ["approvals", "Approvals", "M3 8.5 6.5 12 13 4.5"],
];
const KINDS = { human: "Signed in as a human", token: "Signed in by token", key: "Signed in by API key" };

export function shell(session, onSignOut) {
  const links = ITEMS.map(([name, text, icon]) =>
    h("a", { href: `#/${name}`, "data-page": name, hidden: name === "approvals" }, drawn(icon), text),
  );
  const count = h("span", { class: "pill plain accent count", hidden: true });
  links.at(-1).append(count);
  const main = h("main", { class: "main", id: "main", tabindex: -1 });
  const element = h(
    "div",
    { class: "shell" },
    h(
      "div",
      { class: "side" },
      h("a", { class: "brand", href: "#/overview" }, h("img", { src: "icon.svg", alt: "" }), "RelayAuth"),
      h("nav", { class: "menu", "aria-label": "Pages" }, links),
      h(
        "div",
        { class: "who" },
        h(
          "div",
          {},
          h("div", { class: "who-name", title: session.principal.name }, session.principal.org || session.principal.name),
          h("div", { class: "who-kind" }, KINDS[session.principal.kind]),
        ),
        h("div", { class: "who-actions" }, themeButton(), h("button", { class: "button quiet small", type: "button", "data-sign-out": "", onclick: onSignOut }, "Sign out")),
      ),
    ),
    main,
  );
  return {
    element,
    show(page, name) {
      put(main, page.element);
      for (const link of links) {
        if (link.dataset.page === name) {
          link.setAttribute("aria-current", "page");
        } else {
          link.removeAttribute("aria-current");
        }
      }
    },
    focus() {
      main.focus({ preventScroll: true });
      scrollTo(0, 0);
    },
    /** @param pending null where there are no approvals */
    approvals(pending) {
      links.at(-1).hidden = pending === null;
      count.hidden = !pending?.length;
      count.textContent = pending?.length ?? "";
    },
  };
}

function drawn(icon) {
  return s(
    "svg",
    { viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" },
    s("path", { d: icon }),
  );
}
