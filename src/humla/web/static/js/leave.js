// Leave quickly: empties the page, signs out behind the scenes, and puts the weather in this page's place in history.
// Without JavaScript the same link works as a link.
const link = document.querySelector("[data-leave]");
link?.addEventListener("click", event => {
  event.preventDefault();
  document.title = "SMHI";
  const form = new FormData();
  form.set("csrfmiddlewaretoken", link.dataset.csrf);
  form.set("key", link.dataset.key);
  form.set("acting_as", link.dataset.actingAs);
  if (link.dataset.leave) navigator.sendBeacon(link.dataset.leave, form);
  document.body.replaceChildren();
  location.replace(link.href);
});
