// What stands above a printed list besides place and day: when it was printed, and the filters that it was under.
(function () {
  "use strict";
  const all = (selector, base) => Array.from((base || document).querySelectorAll(selector));

  function now() {
    const two = (number) => String(number).padStart(2, "0");
    const at = new Date();
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
  }

  function labelOf(field) {
    const label = field.labels && field.labels[0];
    return label ? label.textContent.trim() : "";
  }

  function valueOf(field) {
    if (field.matches("select")) return field.value ? field.selectedOptions[0].textContent.trim() : "";
    if (field.matches("[type=hidden]")) return "";
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked ? field.value : "";
    return field.value.trim();
  }

  // Only what narrows the list: filled fields of its form, and chips switched on; the first of a row stands for all.
  function filters() {
    const fields = all("main .filters input, main .filters select")
      .map((field) => [labelOf(field), valueOf(field)])
      .filter((pair) => pair[1])
      .map((pair) => pair.filter(Boolean).join(" "));
    const chips = all("main .chips li:not(:first-child) > .chip[aria-current], main .chips .chip.on").map((chip) => chip.firstChild.textContent.trim());
    return fields.concat(chips.filter(Boolean));
  }

  window.addEventListener("beforeprint", () => {
    all("[data-print-time]").forEach((place) => { place.textContent = now(); });
    all("[data-print-filters]").forEach((place) => {
      const found = filters();
      place.textContent = found.length ? `${place.dataset.label}: ${found.join(" · ")}` : "";
    });
    all("main details:not(.menu):not(.plot-table):not([open])").forEach((part) => { part.dataset.closed = "1"; part.open = true; });
  });
  window.addEventListener("afterprint", () => {
    all("main details[data-closed]").forEach((part) => { delete part.dataset.closed; part.open = false; });
  });
})();
