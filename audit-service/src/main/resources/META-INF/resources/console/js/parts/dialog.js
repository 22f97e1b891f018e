/** Asks before something that can't be undone. */
import { h } from "../dom.js";
import { field } from "./bits.js";

/** Resolves with the reason that was typed, or with null when the person changed their mind. */
export function askReason({ title, text, action, danger = true, required = true }) {
  return new Promise((resolve) => {
    const reason = h("input", { class: "input", required, maxlength: 500, autocomplete: "off" });
    const dialog = h(
      "dialog",
      { "aria-labelledby": "dialog-title" },
      h(
        "form",
        {
          onsubmit: (event) => {
            event.preventDefault();
            dialog.returnValue = "go";
            dialog.close("go");
          },
        },
        h("h2", { id: "dialog-title" }, title),
        h("p", { class: "muted" }, text),
        field("reason", required ? "Reason" : "Note (optional)", reason, "Kept in the audit log."),
        h(
          "div",
          { class: "dialog-actions" },
          h("button", { class: "button", type: "button", onclick: () => dialog.close("") }, "Cancel"),
          h("button", { class: `button ${danger ? "danger" : "primary"}`, type: "submit" }, action),
        ),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "go" ? reason.value.trim() : null);
    });
    document.body.append(dialog);
    dialog.showModal();
    reason.focus();
  });
}
