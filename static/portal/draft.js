// The editor of answers at the keyboard: which section is in hand and where the cursor is, and keys for its buttons.
(function () {
  "use strict";
  const editor = () => document.querySelector("[data-editor]");
  const section = (element) => element && element.closest ? element.closest("[data-section]") : null;

  // One request after the other: a key pressed while the editor is being drawn anew waits for the new one.
  let busy = false;
  let next = null;
  function press(find) {
    if (busy) { next = find; return; }
    const button = find();
    if (button && !button.disabled) button.click();
  }

  // What is typed while the answer is under way is put into the new fields, unless the sections change places.
  let sent = null;
  const fields = (form) => Array.from(form.querySelectorAll("textarea, input:not([type=hidden]), select")).filter((field) => field.id || field.name === "level");
  const nameOf = (field) => field.id || "level of " + field.closest("[data-section]").dataset.section;
  const values = (form) => new Map(fields(form).map((field) => [nameOf(field), field.value]));
  const steady = (act) => !/^(add|up|down|remove|opinion|take|copy|figure|table|drop)\b/.test(act || "save");

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-editor]")) sent = { act: event.submitter && event.submitter.value, values: values(event.target) };
  }, true);
  const own = (event) => event.detail.elt && event.detail.elt.matches && event.detail.elt.matches("[data-editor]");
  document.addEventListener("htmx:beforeRequest", (event) => { if (own(event)) busy = true; });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = editor();
    if (!form || !sent || event.detail.target !== form) return;
    sent.typed = new Map(Array.from(values(form)).filter(([name, value]) => sent.values.get(name) !== value));
  });
  document.addEventListener("htmx:afterSettle", () => {
    const form = editor();
    if (!form || !sent) return;
    if (sent.typed && steady(sent.act)) fields(form).forEach((field) => { if (sent.typed.has(nameOf(field))) field.value = sent.typed.get(nameOf(field)); });
    sent = null;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!busy || !(own(event) || event.detail.target.id === "editor")) return;
    busy = false;
    const waiting = next;
    next = null;
    if (waiting) window.setTimeout(() => press(waiting), 0);
  });

  function note(area) {
    const form = editor();
    const holder = section(area);
    if (!form || !holder || area.name !== "text") return;
    form.elements.current.value = holder.dataset.section;
    form.elements.at.value = area.selectionStart;
  }
  ["focusin", "keyup", "click", "input", "select"].forEach((kind) => document.addEventListener(kind, (event) => {
    if (event.target.matches && event.target.matches("[data-editor] textarea")) note(event.target);
  }));

  const KEYS = { ArrowUp: "[data-up]", ArrowDown: "[data-down]", Enter: "[data-add]" };

  document.addEventListener("keydown", (event) => {
    const form = editor();
    if (!form) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      return press(() => editor().querySelector("[data-save]"));
    }
    // Enter in a search field looks for what stands there; it does not send the letter.
    if (event.key === "Enter" && event.target.matches("[data-ask]")) {
      event.preventDefault();
      return window.htmx && window.htmx.trigger(event.target, "search");
    }
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.code === "KeyI") {
      event.preventDefault();
      return document.getElementById("figure-q").focus();
    }
    const holder = section(event.target);
    if (!holder) return;
    const level = /^Digit([0-4])$/.exec(event.code);
    if (level) holder.querySelector("select").value = level[1];
    if (level || KEYS[event.key]) event.preventDefault();
    if (KEYS[event.key]) press(() => { const here = section(document.activeElement); return here && here.querySelector(KEYS[event.key]); });
  });
})();
