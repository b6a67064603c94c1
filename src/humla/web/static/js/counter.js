// How many signs are left in a text with a limit. Counts as the server does: code points, with \n as line end.
document.querySelectorAll("[data-limit]").forEach(text => {
  const place = document.getElementById(text.id + "_counter");
  const count = () => {
    const left = text.dataset.limit - [...text.value].length;
    place.classList.toggle("is-over", left < 0);
    place.textContent = place.dataset[left < 0 ? "over" : "left"].replace("{}", Math.abs(left).toLocaleString(document.documentElement.lang));
  };
  text.addEventListener("input", count);
  count();
});
