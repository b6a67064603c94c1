// What is written is kept on the server while it is being written: every 4 s, when something has changed.
// The form's data-draft-url takes the form as it is. A failed attempt is tried again; the text stays in its field.
// keepalive only when the page is left: it refuses more than 64 kB.
document.querySelectorAll("form[data-draft-url]").forEach(form => {
  const place = document.querySelector("[data-saved]"), words = place?.querySelector("span");
  let changed = 0, saved = 0, busy = false;
  const show = (text, state) => {
    if (!place) return;
    place.classList.toggle("is-waiting", state === "waiting");
    place.classList.toggle("is-failed", state === "failed");
    if (words.textContent !== text) words.textContent = text;
  };
  const save = async () => {
    if (busy || saved === changed || form.hasAttribute("aria-busy")) return;
    const at = changed;
    busy = true;
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: new FormData(form), keepalive: document.hidden });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      saved = at;
      const clock = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      show(place?.dataset.savedText.replace("{}", clock.replace(":", document.documentElement.lang === "sv" ? "." : ":")));
    } catch { show(place?.dataset.failedText, "failed"); }
    busy = false;
  };
  form.addEventListener("input", () => { changed++; show(place?.dataset.unsavedText, "waiting"); });
  setInterval(save, 4000);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
});
