/** The door. */
import { h, put } from "../dom.js";
import { faultBox, field } from "../parts/bits.js";
import { chainGraph } from "../parts/chain-graph.js";
import { signIn } from "../session.js";
import { themeButton } from "../parts/theme-button.js";

const EXAMPLE = [
  { id: "user_jane", name: "Jane", kind: "human" },
  { id: "agent_invoices", name: "invoice-bot", status: "active" },
];
const BELOW = [
  { id: "agent_reader", name: "pdf-reader", status: "active" },
  { id: "agent_payer", name: "payment-bot", status: "suspended" },
];

export function signInPage({ notice, onLost, onSignedIn }) {
  const credential = h("input", {
    class: "input mono",
    type: "password",
    required: true,
    autocomplete: "off",
    spellcheck: "false",
    autocapitalize: "off",
    placeholder: "rak_… or a token",
    maxlength: 16_384,
  });
  const fault = h("div", {});
  const button = h("button", { class: "button primary", type: "submit" }, "Sign in");
  const submit = async (event) => {
    event.preventDefault();
    const entered = credential.value.trim();
    if (!/^[\x21-\x7e]+$/.test(entered)) {
      put(fault, faultBox(new Error("A key or token has no spaces and no special characters")));
      return;
    }
    button.disabled = true;
    put(fault);
    try {
      onSignedIn(await signIn(entered, onLost));
    } catch (failure) {
      const text = failure.status === 401 ? "That key or token isn't valid, or not any more" : failure.message;
      put(fault, faultBox(Object.assign(new Error(text), { requestId: failure.requestId })));
      credential.focus();
    } finally {
      button.disabled = false;
    }
  };
  const show = h("input", { type: "checkbox", id: "show", onchange: () => (credential.type = show.checked ? "text" : "password") });
  const element = h(
    "main",
    { class: "sign-in", id: "main", tabindex: -1 },
    h(
      "section",
      { class: "pitch", "aria-label": "RelayAuth" },
      h("div", { class: "brand" }, h("img", { src: "icon.svg", alt: "" }), "RelayAuth"),
      h(
        "div",
        {},
        h("h1", {}, "Every agent, back to a human."),
        h("p", {}, "Who each AI agent acts for, what it may do and why, what it did, and a way to stop it that holds everywhere in milliseconds."),
      ),
      h("figure", { "aria-hidden": "true", inert: true }, chainGraph(EXAMPLE, BELOW)),
    ),
    h(
      "section",
      { class: "gate", "aria-label": "Sign in" },
      h(
        "form",
        { onsubmit: submit },
        h("h2", {}, "Sign in to the console"),
        h("p", { class: "hint" }, "It stays in the memory of this page: closing or reloading signs you out."),
        notice && h("p", { class: "notice", role: "status" }, notice),
        field("credential", "API key or token", credential),
        h("label", { class: "check" }, show, " Show it"),
        fault,
        button,
        h("p", { class: "hint after" }, "On your own machine: ", h("code", {}, "./relayauth credential adminApiKey")),
        themeButton(),
      ),
    ),
  );
  return { title: "Sign in", element, focus: credential };
}
