// Nothing typed is lost: a warning before leaving a changed form, and drafts that come back after a log-in that ended.
// data-guard warns; data-draft="key" keeps. Fields marked data-private stay in this tab's session storage only;
// passwords and files are never kept. A draft belongs to one user and lives for a day.
(function () {
  "use strict";
  const DAY = 24 * 60 * 60 * 1000;
  const PREFIX = "portal.draft.";
  const all = (selector, base) => Array.from((base || document).querySelectorAll(selector));
  const user = () => document.body.dataset.user || "";
  const keyOf = (form) => PREFIX + user() + ":" + location.pathname + ":" + form.dataset.draft;
  const changed = new Set();

  const kept = (field) => field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type);
  const isPrivate = (field) => field.hasAttribute("data-private");

  function valueOf(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked;
    return field.multiple ? all("option", field).filter((o) => o.selected).map((o) => o.value) : field.value;
  }

  function fill(field, value) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = value === true;
    else if (field.multiple) all("option", field).forEach((o) => { o.selected = value.includes(o.value); });
    else field.value = value;
  }

  // A field is named by its name; radio buttons and check boxes by name and value.
  const label = (field) => field.name + (["checkbox", "radio"].includes(field.type) ? "=" + field.value : "");

  function values(form, wanted) {
    const found = {};
    Array.from(form.elements).filter(kept).filter((f) => isPrivate(f) === wanted).forEach((f) => { found[label(f)] = valueOf(f); });
    return found;
  }

  function write(area, key, found) {
    try {
      if (Object.keys(found).length) area.setItem(key, JSON.stringify({ at: Date.now(), values: found }));
    } catch (error) { /* storage full or switched off: the warning before leaving remains */ }
  }

  function read(area, key) {
    try {
      const draft = JSON.parse(area.getItem(key));
      return draft && Date.now() - draft.at < DAY ? draft.values : {};
    } catch (error) {
      return {};
    }
  }

  function keep(form) {
    if (!form.dataset.draft) return;
    write(localStorage, keyOf(form), values(form, false));
    write(sessionStorage, keyOf(form), values(form, true));
  }

  function drop(key) {
    [localStorage, sessionStorage].forEach((area) => { try { area.removeItem(key); } catch (error) { /* nothing kept */ } });
  }

  function forget(prefix) {
    [localStorage, sessionStorage].forEach((area) => {
      try { Object.keys(area).filter((key) => key.startsWith(prefix)).forEach((key) => area.removeItem(key)); } catch (error) { /* nothing kept */ }
    });
  }

  function restore(form) {
    const draft = { ...read(localStorage, keyOf(form)), ...read(sessionStorage, keyOf(form)) };
    const fields = Array.from(form.elements).filter(kept);
    const differing = fields.filter((f) => label(f) in draft && JSON.stringify(draft[label(f)]) !== JSON.stringify(valueOf(f)));
    if (!differing.length) return;
    differing.forEach((field) => fill(field, draft[label(field)]));
    changed.add(form);
    const discard = () => { drop(keyOf(form)); changed.delete(form); form.reset(); };
    window.portal.show(window.portal.texts().restored, "info", { text: window.portal.texts().discard, act: discard });
  }

  // A submitted draft is dropped once the answer is another page than this form or the log-in.
  const SENT = "portal.sent";
  function settle() {
    const login = (document.querySelector('meta[name="login-url"]') || { content: "" }).content;
    if (location.pathname === login || !user()) return;
    let sent = null;
    try { sent = sessionStorage.getItem(SENT); sessionStorage.removeItem(SENT); } catch (error) { return; }
    const still = all("form[data-draft]").some((form) => keyOf(form) === sent);
    if (sent && !still) drop(sent);
  }

  let timer = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard], form[data-draft]");
    if (!form) return;
    changed.add(form);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => keep(form), 400);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    changed.delete(form);
    if (form.hasAttribute("data-logout")) {
      changed.clear();
      forget(PREFIX + user() + ":");
    }
    if (!form.dataset.draft) return;
    keep(form);
    try { sessionStorage.setItem(SENT, keyOf(form)); } catch (error) { /* the draft then ends after a day */ }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form[data-draft]");
    if (form && event.detail.successful) { changed.delete(form); drop(keyOf(form)); }
  });
  document.addEventListener("portal:keep", () => all("form[data-draft]").filter((form) => changed.has(form)).forEach((form) => {
    keep(form);
    changed.delete(form);
  }));
  window.addEventListener("beforeunload", (event) => {
    const open = Array.from(changed).some((form) => form.isConnected && form.hasAttribute("data-guard"));
    if (open) { event.preventDefault(); event.returnValue = ""; }
  });

  function sweep() {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => {
        if (!Object.keys(read(localStorage, key)).length) localStorage.removeItem(key);
      });
    } catch (error) { /* nothing kept */ }
  }

  sweep();
  settle();
  // A form that the server sent back with errors already holds what was typed.
  all("form[data-draft]").filter((form) => !form.querySelector("[aria-invalid]")).forEach(restore);
})();
