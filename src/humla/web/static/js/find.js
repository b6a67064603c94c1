// A long list to choose from is found by typing: options that lack one of the words are left out while typing.
// They are taken out and put back, not hidden: Safari shows hidden options all the same.
document.querySelectorAll("[data-find-for]").forEach(field => {
  const select = document.getElementById(field.dataset.findFor);
  const input = field.querySelector("input"), status = field.querySelector("[role=status]");
  const whole = [...select.children].map(each => each.cloneNode(true));
  const total = [...select.options].filter(option => option.value).length;
  field.hidden = total < 8;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/), chosen = select.value;
    const fits = (option, group = "") => !option.value
      || words.every(word => `${group} ${option.textContent}`.toLowerCase().includes(word));
    select.replaceChildren(...whole.map(each => each.cloneNode(true)).filter(each => {
      if (each.tagName === "OPTION") return fits(each);
      [...each.children].forEach(option => fits(option, each.label) || option.remove());
      return each.children.length;
    }));
    const left = [...select.options].filter(option => option.value);
    status.textContent = field.dataset.findText.replace("{}", left.length).replace("{}", total);
    // What is chosen always fits what is typed: a choice that has left the list must not be sent unseen.
    const stays = left.some(option => option.value === chosen);
    select.value = stays ? chosen : left.length === 1 ? left[0].value : "";
    if (select.value !== chosen) select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // Enter here would send a form that is not finished.
  input.addEventListener("keydown", event => { if (event.key === "Enter") { event.preventDefault(); select.focus(); } });
});
