/** Switches between light and dark. */
import { h } from "../dom.js";
import { isDark, toggleTheme } from "../theme.js";

export function themeButton() {
  const text = () => (isDark() ? "Light theme" : "Dark theme");
  const button = h(
    "button",
    {
      class: "button quiet small",
      type: "button",
      "data-theme-toggle": "",
      "aria-label": "Switch between light and dark",
      onclick: () => {
        toggleTheme();
        button.textContent = text();
      },
    },
    text(),
  );
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (button.textContent = text()));
  return button;
}
