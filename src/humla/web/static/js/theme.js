// Light or dark: the system's wish until the person chooses. Loaded before the first paint, so nothing flashes.
(() => {
  const root = document.documentElement, stored = () => { try { return localStorage.theme } catch { return "" } };
  if (stored()) root.dataset.theme = stored();
  addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-theme-switch]").forEach(button => {
    button.hidden = false;
    button.onclick = () => {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.theme = root.dataset.theme } catch { /* Private mode: it lasts for this page. */ }
    };
  }));
})();
