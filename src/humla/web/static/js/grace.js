// Counts down to the instant when something leaves and can no longer be taken back. The server decides; this tells.
document.querySelectorAll("[data-leaves-in]").forEach(place => {
  const leavesAt = performance.now() + place.dataset.leavesIn * 1000;
  const tick = () => {
    const left = Math.ceil((leavesAt - performance.now()) / 1000);
    place.textContent = left > 0 ? place.dataset.left.replace("{}", left) : place.dataset.gone;
    if (left > 0) return setTimeout(tick, 1000);
    const button = place.closest(".grace")?.querySelector("button");
    if (button) button.disabled = true;
  };
  tick();
});
