// One press sends once. The server's key makes a replay harmless; this only spares people the doubt.
// The button wakes again when the page is shown from the back-forward cache, and after ten seconds.
const wake = () => document.querySelectorAll(".is-busy, [aria-busy]").forEach(each => {
  each.classList.remove("is-busy");
  each.removeAttribute("aria-busy");
});
addEventListener("submit", event => {
  const form = event.target;
  if (event.defaultPrevented || !("once" in form.dataset)) return;
  if (form.hasAttribute("aria-busy")) return event.preventDefault();
  form.setAttribute("aria-busy", "true"); // Never `disabled`: a disabled button's name and value are not sent.
  event.submitter?.classList.add("is-busy");
  setTimeout(wake, 10000);
});
addEventListener("pageshow", wake);
document.querySelector(".error-summary")?.focus();
