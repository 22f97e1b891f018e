/** Light or dark: what the system says, until someone chooses. */

const KEY = "relayauth-theme";

export function applyTheme() {
  const chosen = read();
  if (chosen) {
    document.documentElement.dataset.theme = chosen;
  }
}

export function isDark() {
  return (read() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

export function toggleTheme() {
  const next = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

function read() {
  const current = document.documentElement.dataset.theme;
  if (current) {
    return current;
  }
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : undefined;
  } catch {
    return undefined;
  }
}
