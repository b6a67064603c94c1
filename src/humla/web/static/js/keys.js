// "/" searches, 1-9 the menu, "?" the keys. Never while one writes; can be turned off (WCAG 2.1.4).
// Boxes aside: a closed dialog's keeps the focus a while.
const writes = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const dialog = document.getElementById("keys"), box = dialog?.querySelector("[data-keys-on]");
const on = () => { try { return localStorage.keys !== "off" } catch { return true } };
const search = () => [...document.querySelectorAll("#search, [data-search]")].find(each => each.offsetParent);
if (dialog) {
  document.querySelector("[data-keys]").hidden = false;
  document.querySelector("[data-keys-open]").onclick = () => dialog.showModal();
  box.checked = on();
  box.onchange = () => { try { localStorage.keys = box.checked ? "on" : "off" } catch { /* Private mode. */ } };
}
addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !on()) return;
  if (dialog?.open || event.target.closest(writes)) return;
  if (event.key === "/" && search()) { event.preventDefault(); search().focus(); }
  else if (event.key === "?") dialog?.showModal();
  else if (/^[1-9]$/.test(event.key)) document.querySelectorAll(".nav a")[event.key - 1]?.click();
});
addEventListener("click", event => document.querySelectorAll(".whoami[open]").forEach(menu => {
  if (!menu.contains(event.target)) menu.open = false;
}));
