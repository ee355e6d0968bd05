// Keyboard: / search, g and a letter to go, j and k through the rows of a list, ? for help. Can be switched off in the help.
(function () {
  "use strict";
  const help = document.getElementById("help");
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  let going = 0;

  function enabled() {
    try { return localStorage.getItem("portal.keys") !== "off"; } catch (error) { return true; }
  }

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") || target.isContentEditable;

  function step(by) {
    const rows = all("[data-rows] tbody tr, [data-rows] > li").filter((row) => row.offsetParent && row.querySelector("a, button, summary"));
    if (!rows.length) return;
    const now = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + by))];
    next.querySelector("a, button, summary").focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function openHelp() {
    if (help && help.showModal && !help.open) help.showModal();
  }

  const acts = {
    "/": () => { const box = document.getElementById("search"); if (box) { box.focus(); box.select(); } },
    "?": openHelp,
    j: () => step(1),
    k: () => step(-1),
    g: () => { going = Date.now(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || !enabled()) return;
    if (help && help.open) return;
    if (going && Date.now() - going < 1500) {
      going = 0;
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); return; }
    }
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });

  document.addEventListener("click", (event) => { if (event.target.closest("[data-help]")) openHelp(); });

  all("[data-keys-switch]").forEach((box) => {
    box.checked = enabled();
    box.addEventListener("change", () => {
      try {
        if (box.checked) localStorage.removeItem("portal.keys");
        else localStorage.setItem("portal.keys", "off");
      } catch (error) { /* cannot be remembered */ }
    });
  });
})();
