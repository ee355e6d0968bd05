// The frame's own behaviour: display settings, menus, messages of htmx, copying, table roles. Every page works without it.
(function () {
  "use strict";
  const root = document.documentElement;
  const texts = () => (document.getElementById("texts") || { dataset: {} }).dataset;
  const all = (selector, base) => Array.from((base || document).querySelectorAll(selector));

  // Display settings: theme and text size ---------------------------------------------------------------------------
  function store(name, value) {
    try {
      if (value) localStorage.setItem("portal." + name, value);
      else localStorage.removeItem("portal." + name);
    } catch (error) { /* storage switched off: the setting lasts for this page */ }
  }

  function apply(name, value) {
    if (value) root.setAttribute("data-" + name, value);
    else root.removeAttribute("data-" + name);
    store(name, value);
    showSettings();
  }

  function showSettings() {
    all("[data-set], [data-toggle]").forEach((button) => {
      const name = button.dataset.set || button.dataset.toggle;
      const on = (root.getAttribute("data-" + name) || "") === button.dataset.value;
      button.setAttribute("aria-pressed", String(on));
    });
  }

  document.addEventListener("click", (event) => {
    const set = event.target.closest("[data-set]");
    const toggle = event.target.closest("[data-toggle]");
    if (set) apply(set.dataset.set, set.dataset.value);
    if (toggle) apply(toggle.dataset.toggle, toggle.getAttribute("aria-pressed") === "true" ? "" : toggle.dataset.value);
  });

  // On a narrow screen the navigation is one line to swipe: it starts at the page shown -------------------------------
  function showNav() {
    const nav = document.querySelector(".sidenav");
    const here = nav && nav.querySelector("[aria-current]");
    if (here && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
  }

  // Menus are <details>; only closing needs a script ------------------------------------------------------------------
  const closeMenus = (except) => all("details.menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });

  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest && event.target.closest("details.menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!menu.matches || !menu.matches("details.menu[open]")) return;
    const first = menu.querySelector("input[type=search]");
    if (first) first.focus();
  }, true);

  // Messages: spoken through the live region, shown at the corner -------------------------------------------------------
  function say(text) {
    const live = document.getElementById("live");
    live.textContent = "";
    window.setTimeout(() => { live.textContent = text; }, 50);
  }

  function show(text, tone, link) {
    const box = document.createElement("div");
    box.className = "notice " + (tone || "info");
    const body = box.appendChild(document.createElement("div"));
    body.className = "text";
    body.appendChild(document.createElement("p")).textContent = text;
    if (link) {
      const button = body.appendChild(document.createElement(link.href ? "a" : "button"));
      button.textContent = link.text;
      if (link.href) button.href = link.href;
      else { button.type = "button"; button.className = "link-button"; button.addEventListener("click", () => { box.remove(); link.act(); }); }
    }
    const close = box.appendChild(document.createElement("button"));
    close.type = "button";
    close.className = "close";
    close.textContent = "×";
    close.setAttribute("aria-label", texts().close || "");
    close.addEventListener("click", () => box.remove());
    document.getElementById("toasts").replaceChildren(box);
    say(text);
  }

  window.portal = { say, show, texts };

  // htmx: loading line, errors in words, log-in that ended ------------------------------------------------------------
  let waiting = 0;
  const loading = (step) => { waiting = Math.max(0, waiting + step); root.classList.toggle("loading", waiting > 0); };
  document.addEventListener("htmx:beforeRequest", () => loading(1));
  document.addEventListener("htmx:afterRequest", () => loading(-1));

  const byStatus = { 403: "forbidden", 404: "missing", 409: "conflict", 412: "conflict", 429: "busy", 503: "unavailable" };
  const loginPath = () => (document.querySelector('meta[name="login-url"]') || { content: "" }).content;

  function expired() {
    document.dispatchEvent(new CustomEvent("portal:keep"));
    const next = encodeURIComponent(location.pathname + location.search);
    show(texts().expired, "warning", { text: texts().relogin, href: loginPath() + "?next=" + next });
  }

  // A 401 may carry a redirect to the log-in page, which htmx follows at once: what was typed is kept before that.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status === 401) document.dispatchEvent(new CustomEvent("portal:keep"));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answered = event.detail.xhr.responseURL;
    if (!answered || !loginPath() || location.pathname === loginPath()) return;
    if (new URL(answered, location.href).pathname === loginPath()) {
      event.detail.shouldSwap = false;
      event.preventDefault();
      expired();
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    const xhr = event.detail.xhr;
    if (xhr.status === 401) return expired();
    const plain = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain") && xhr.responseText.length < 400;
    show(plain ? xhr.responseText : texts()[byStatus[xhr.status] || "failed"], "warning");
  });
  document.addEventListener("htmx:sendError", () => show(texts().network, "warning"));
  document.addEventListener("htmx:timeout", () => show(texts().timeout, "warning"));

  // Findings: the row that is open beside the list stays marked.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const row = event.detail.elt.closest(".finding-list > li");
    if (!row) return;
    all(".finding-list > li.selected").forEach((other) => other.classList.remove("selected"));
    row.classList.add("selected");
  });

  // Progress: spoken when the phase changes, else every ten seconds ---------------------------------------------------
  const spoken = new WeakMap();
  function speakProgress(box) {
    const phase = (box.querySelector("[data-phase]") || {}).textContent || "";
    const count = (box.querySelector("[data-count]") || {}).textContent || "";
    const last = spoken.get(box) || { phase: "", at: 0 };
    if (phase === last.phase && Date.now() - last.at < 10000) return;
    spoken.set(box, { phase, at: Date.now() });
    say(phase + " " + count.trim());
  }

  // Tables: roles survive the card layout of narrow screens; labels are taken from the header where missing -----------
  function dress(base) {
    all("table.data", base).forEach((table) => {
      table.setAttribute("role", "table");
      all("thead, tbody, tfoot", table).forEach((part) => part.setAttribute("role", "rowgroup"));
      const heads = all("thead th", table);
      heads.forEach((head) => head.setAttribute("role", "columnheader"));
      all("tr", table).forEach((row) => {
        row.setAttribute("role", "row");
        Array.from(row.cells).forEach((cell, index) => {
          if (cell.closest("thead")) return;
          cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
          if (cell.tagName === "TD" && !cell.dataset.label && cell.colSpan === 1 && heads[index]) cell.dataset.label = heads[index].textContent.trim();
        });
      });
    });
    all(".table-scroll", base).forEach((box) => {
      if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    });
    const focus = (base || document).querySelector("[data-focus]");
    if (focus) focus.focus();
    all("[data-progress]", base).forEach(speakProgress);
  }
  document.addEventListener("htmx:afterSwap", (event) => {
    showSettings();
    const target = event.detail.elt && event.detail.elt.isConnected ? event.detail.elt : document.body;
    dress(target.parentElement || document);
    const progress = target.closest("[data-progress]");
    if (progress) speakProgress(progress);
  });

  // Copying, printing, one submission per click ----------------------------------------------------------------------
  async function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.body.appendChild(document.createElement("textarea"));
    area.className = "visually-hidden";
    area.value = text;
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("copy refused");
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (event.target.closest("[data-print]")) window.print();
    if (!button) return;
    const blocks = all("p, li", document.querySelector(button.dataset.copy));
    const source = blocks.length ? blocks : [document.querySelector(button.dataset.copy)];
    const words = (block) => block.closest("pre") ? block.textContent : block.innerText.replace(/\s+/g, " ").trim();
    const text = source.map(words).filter(Boolean).join("\n");
    const label = button.querySelector("span") || button;
    const before = label.textContent;
    try {
      await copy(text);
      label.textContent = texts().copied;
      say(texts().copied);
      button.focus();
      window.setTimeout(() => { label.textContent = before; }, 2000);
    } catch (error) {
      show(texts().uncopied, "warning");
    }
  });

  // A file follows the filters that htmx has put into the address since the page came ---------------------------------
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-follows]");
    if (!link) return;
    const query = new URLSearchParams(location.search);
    ["page", "open"].forEach((name) => query.delete(name));
    new URLSearchParams(link.dataset.follows).forEach((value, name) => query.set(name, value));
    link.search = query;
    closeMenus();
  }, true);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [hx-put], [hx-patch], [data-download]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    all("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
    all("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  });

  showSettings();
  showNav();
  dress(document);
})();
