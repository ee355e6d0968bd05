// Filters of lists: what is chosen stands under the form as chips. htmx exchanges the list and leaves the form as it is,
// so after the first page the chips are drawn here, from the fields.
(function () {
  "use strict";
  const folded = (form) => Array.from(form.querySelectorAll(".fold-fields input, .fold-fields select"));
  const isTick = (field) => field.type === "checkbox" || field.type === "radio";
  const neutral = (field) => !field.options || field.querySelector("option[value='']") ? "" : field.options[0].value;
  const isSet = (field) => isTick(field) ? field.checked : field.value !== neutral(field);

  function words(field, colon) {
    const label = field.labels[0].textContent.trim();
    if (isTick(field)) return label;
    return label + colon + (field.options ? field.selectedOptions[0].text : field.value);
  }

  function draw(form) {
    const list = form.nextElementSibling;
    const chosen = folded(form).filter(isSet);
    const chips = chosen.map((field) => {
      const item = list.querySelector("template").content.firstElementChild.cloneNode(true);
      item.querySelector("a").dataset.field = field.name;
      item.querySelector("span").textContent = words(field, list.dataset.colon);
      return item;
    });
    list.querySelectorAll("[data-field]").forEach((link) => link.parentElement.remove());
    list.prepend(...chips);
    list.hidden = !chips.length;
    form.querySelector("[data-chosen-count]").textContent = chips.length || "";
  }

  function drop(form, name) {
    folded(form).filter((field) => field.name === name).forEach((field) => {
      if (isTick(field)) field.checked = false;
      else field.value = neutral(field);
    });
    form.requestSubmit();
    form.querySelector(".fold > summary, input, select").focus();
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches("form.folding")) draw(event.target);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".chosen a[data-field]");
    const form = link && link.closest(".chosen").previousElementSibling;
    if (!form || !form.hasAttribute("hx-get")) return;
    event.preventDefault();
    drop(form, link.dataset.field);
  });

  // A form inside what htmx exchanges comes back closed: it is left as its reader had it.
  let open = false;
  document.addEventListener("htmx:beforeSwap", (event) => { open = !!event.target.querySelector(".fold[open]"); });
  document.addEventListener("htmx:afterSwap", (event) => {
    const fold = open && event.target.querySelector(".fold");
    if (fold) fold.open = true;
  });

  // Esc closes the fold on a phone, and the button has the focus again.
  document.addEventListener("keydown", (event) => {
    const fold = event.key === "Escape" && event.target.closest(".fold[open]");
    const button = fold && fold.querySelector("summary");
    if (!button || !button.offsetParent) return;
    fold.open = false;
    button.focus();
  });

  // Browsers that cannot show the inside of a closed <details> on a wide screen get it open.
  if (!CSS.supports("selector(::details-content)") && window.innerWidth >= 768) {
    document.querySelectorAll(".fold").forEach((fold) => { fold.open = true; });
  }
})();
