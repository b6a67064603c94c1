// Filters the list of fictitious people while one types. Without it the page is the whole list.
const box = document.getElementById("search");
const none = document.querySelector(".none");

function filter() {
  const words = box.value.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const section of document.querySelectorAll("section")) {
    const group = section.querySelector("h2").textContent;
    let left = 0;
    for (const person of section.querySelectorAll("li")) {
      const text = (group + " " + person.textContent).toLocaleLowerCase("sv");
      person.hidden = !words.every((word) => text.includes(word));
      left += person.hidden ? 0 : 1;
    }
    section.hidden = left === 0;
    shown += left;
  }
  none.hidden = shown > 0;
}

if (box) {
  box.closest(".search").hidden = false;
  box.addEventListener("input", filter);
  // Enter in the search box would press the first button of the form, which may be a hidden person's.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const left = [...document.querySelectorAll("li:not([hidden]) button")].filter((each) => each.offsetParent);
    if (left.length) left[0].focus();
  });
}
