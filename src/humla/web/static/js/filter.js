// A long list that filters by typing. All words must occur, in any order; nothing leaves the page.
document.querySelectorAll("[data-filter]").forEach(field => {
  const target = document.getElementById(field.dataset.filter);
  const rows = [...target.querySelectorAll(":scope > tbody > tr, :scope > li, :scope > .card")];
  const input = field.querySelector("input"), status = field.querySelector("[role=status]");
  const texts = rows.map(row => row.textContent.toLowerCase());
  field.hidden = rows.length < 2;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    rows.forEach((row, at) => { row.hidden = !words.every(word => texts[at].includes(word)); });
    const shown = rows.filter(row => !row.hidden).length;
    status.textContent = field.dataset.filterText.replace("{}", shown).replace("{}", rows.length);
  });
});
