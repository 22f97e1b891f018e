/** Suspend, reactivate, revoke: and how long that took to hold everywhere. */
import { path } from "../api.js";
import { h, put } from "../dom.js";
import { millis, plural } from "../format.js";
import { faultBox } from "./bits.js";
import { askReason } from "./dialog.js";

export class Controls {
  #session;
  #id;
  #changed;

  constructor(session, id, changed) {
    this.#session = session;
    this.#id = id;
    this.#changed = changed;
    this.buttons = h("div", { class: "head-actions" });
    this.measured = h("div", { "aria-live": "polite" });
  }

  draw(agent) {
    const active = agent.status === "active";
    put(
      this.buttons,
      active && button("Suspend", "", () => this.#suspend(agent)),
      agent.status === "suspended" && button("Reactivate", "", () => this.#reactivate(agent)),
      agent.status !== "retired" && button("Revoke tokens", "danger", () => this.#revoke(agent)),
    );
  }

  async #suspend(agent) {
    const reason = await askReason({
      title: `Suspend ${agent.name}?`,
      text: "It and every sub-agent below it are suspended, and their tokens die. It can be reactivated; its tokens stay dead.",
      action: "Suspend",
    });
    if (reason) {
      await this.#measure("Suspended", () => this.#session.api.post(path`/v1/identities/${this.#id}/suspend`, { reason }));
    }
  }

  async #reactivate(agent) {
    await this.#measure("Reactivated", () => this.#session.api.post(path`/v1/identities/${agent.id}/reactivate`));
  }

  async #revoke(agent) {
    const reason = await askReason({
      title: `Revoke every token of ${agent.name}?`,
      text: "All its tokens and those of its sub-agents are refused everywhere from now on. The agent itself stays, and may be given new ones.",
      action: "Revoke",
    });
    if (reason) {
      await this.#measure("Revoked", () =>
        this.#session.api.post("/v1/revocations", { type: "identity", id: this.#id, reason, wait: "all" }),
      );
    }
  }

  async #measure(what, work) {
    this.#busy(true);
    const began = performance.now();
    try {
      const answer = await work();
      const took = performance.now() - began;
      put(this.measured, banner(what, answer?.acknowledged, took));
      // The button that had the focus goes away with the state that it was for.
      this.measured.firstElementChild.focus();
    } catch (failure) {
      put(this.measured, faultBox(failure));
    }
    this.#busy(false);
    this.#changed();
  }

  #busy(busy) {
    this.buttons.querySelectorAll("button").forEach((each) => (each.disabled = busy));
  }
}

/** What was measured: by the verifiers where they answered, and from this page in any case. */
export function banner(what, acknowledged, took) {
  const strong = acknowledged ? millis(acknowledged.maxMillis) : millis(took);
  return h(
    "div",
    { class: "measured", tabindex: -1, "data-measured": what },
    h("strong", { class: "number" }, strong),
    h(
      "div",
      {},
      h("div", {}, acknowledged ? `${what}: in force everywhere, ${plural(acknowledged.verifiers, "verifier")} acknowledged it` : `${what}: committed`),
      h("div", { class: "muted" }, acknowledged ? `Measured by the revocation service, from the commit until no verifier could permit it any more. This page waited ${millis(took)}.` : "Measured from this page, there and back."),
    ),
  );
}

function button(text, kind, onclick) {
  return h("button", { class: `button ${kind}`, type: "button", onclick }, text);
}
