// Puts the grid together: loads the roster, offers the draft, joins keys, table, panels and server.
(function () {
  "use strict";
  const grid = window.rosterGrid;
  const root = document.getElementById("roster-grid");
  if (!root) return;
  const settings = JSON.parse(document.getElementById("grid-settings").textContent);
  const { texts } = settings;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const model = new grid.Model(settings);
  let sheet = null;
  let draft = null;

  const go = (row, key) => {
    const across = settings.columns.findIndex((column) => column.key === key);
    sheet.go(model.rows.indexOf(row), Math.max(0, across));
    sheet.focus();
  };
  const panels = new grid.Panels(root, { model, settings, go });

  function stage(name) {
    ["loading", "failed", "offer", "work"].forEach((one) => { part(one).hidden = one !== name; });
  }

  async function load() {
    stage("loading");
    try {
      const found = await grid.ask(settings, "data");
      model.load(found.rows);
      panels.others(found.others);
      if (found.waiting) panels.notice("waiting", texts.waiting, [link(texts.waitingGo, found.waiting)]);
      if (found.draft) offer(found.draft);
      else await start();
    } catch (error) {
      part("why").textContent = error.status ? error.message : texts.failed;
      stage("failed");
      if (!("status" in error)) throw error;
    }
  }

  function link(text, url) {
    const made = grid.element("a", "btn btn-sm", text);
    made.href = url;
    return made;
  }

  // A draft of an earlier visit: the grid opens once the user has said what becomes of it.
  function offer(found) {
    stage("offer");
    const take = grid.button(grid.fill(texts.draftGo, { at: found.at.slice(5), rows: found.rows }), "btn-primary", async () => {
      const lost = model.restore(found.typed);
      await start(found.version);
      if (lost) panels.say(grid.fill(texts.draftLost, { count: lost }), "warning");
    });
    const drop = grid.button(texts.draftDrop, "", async () => {
      if (!drop.dataset.sure) { drop.dataset.sure = "1"; part("offer-text").textContent = grid.fill(texts.draftDropSure, { rows: found.rows }); return; }
      try {
        await grid.ask(settings, "draft", { method: "DELETE", body: { version: found.version } });
        await start(0);
      } catch (error) { part("offer-text").textContent = error.message; }
    });
    part("offer-text").textContent = grid.fill(texts.draftText, { at: found.at, rows: found.rows });
    part("offer-acts").replaceChildren(take, drop);
    take.focus();
  }

  async function start(version = 0) {
    stage("work");
    sheet = new grid.Sheet(part("table"), model, settings);
    await sheet.ready;
    const message = (...about) => panels.message(...about);
    const cell = new grid.CellBox({ sheet, model, frame: part("frame"), input: part("input"), list: part("options"), message, texts });
    const say = (text, tone) => panels.say(text, tone);
    const pasting = new grid.Pasting({ sheet, model, say, texts });
    draft = new grid.Draft(settings, model, panels);
    draft.version = version;
    grid.release = () => draft.release();
    const acts = { nextFault, undo: () => back(model.undo()), redo: () => back(model.redo()), save: () => draft.save(), paste: (text, html) => pasting.take(text, html) };
    new grid.Keys({ sheet, model, cell, acts, say, texts });
    model.onChange((rows, why) => { if (why !== "checked") panels.sentence(""); panels.counts(); });
    panels.counts();
    join({ ...acts, nextFault: () => nextFault(false), check, apply, restore, second });
    sheet.go(Math.max(0, model.rows.findIndex((row) => model.isTyped(row))), 0);
    sheet.focus();
  }

  function join(acts) {
    const named = { undo: acts.undo, redo: acts.redo, next: acts.nextFault, check: acts.check, apply: acts.apply, restore: acts.restore, second: acts.second };
    Object.entries(named).forEach(([name, act]) => {
      part(name).addEventListener("click", async () => { await act(); if (!grid.leavingPage) sheet.focus(); });
    });
  }

  function back(step) {
    if (step) go(step[0].row, step[0].key);
  }

  // From the selected cell on; from the fault shown last where Enter has only left it for the row below.
  let lastFault = null;
  function nextFault(backwards) {
    const faults = model.faults("error").length ? model.faults("error") : model.faults("warning");
    if (!faults.length) { panels.say(texts.noMore); return; }
    const active = sheet.active();
    const near = lastFault && active && active.at === lastFault.at + 1 && active.across === lastFault.across ? lastFault : active;
    const place = (at, across) => at * 100 + across;
    const from = near ? place(near.at, near.across) : -1;
    const places = faults.map((fault) => place(model.rows.indexOf(fault.row), model.keys.indexOf(fault.key)));
    const ahead = backwards ? places.filter((one) => one < from).pop() : places.find((one) => one > from);
    const chosen = faults[ahead === undefined ? (backwards ? places.length - 1 : 0) : places.indexOf(ahead)];
    lastFault = { at: model.rows.indexOf(chosen.row), across: model.keys.indexOf(chosen.key) };
    go(chosen.row, chosen.key);
  }

  // The selected rows as they stand on record; rows that were typed become blank.
  function restore() {
    const range = sheet.range();
    if (!range) return;
    const rows = model.rows.slice(range.top, range.bottom + 1).filter((row) => model.isTyped(row));
    rows.filter((row) => !row.meta.base).forEach((row) => { row.meta.person = null; });
    model.set(rows.flatMap((row) => model.changedKeys(row).map((key) => [row, key, row.meta.base ? row.meta.base[key] || "" : ""])));
    if (rows.length) panels.say(texts.restored);
  }

  // One more post for the person selected, on the first blank row.
  function second() {
    const active = sheet.active();
    if (!active || !active.row.meta.base) { panels.say(texts.secondPost, "warning"); return; }
    const blank = model.rows.find((row) => model.isBlank(row));
    const { row } = active;
    model.set([[blank, "name", row.name], [blank, "id_number", row.id_number]]);
    Object.assign(blank.meta, { person: row.meta.person, version: row.meta.version });
    model.review(blank);
    model.tell(new Set([blank]), "typed");
    go(blank, "community");
  }

  async function working(text, act) {
    part("busy").textContent = text;
    root.classList.add("is-busy");
    try {
      return await act();
    } catch (error) {
      if (!("status" in error)) throw error;
      if (error.status === 422 && error.body.rows) return error.body;
      const tone = error.status === 401 ? { text: texts.relogin, href: settings.urls.login } : error.body.link || undefined;
      window.portal.show(error.message, "warning", tone);
      return null;
    } finally {
      root.classList.remove("is-busy");
      part("busy").textContent = "";
    }
  }

  function took(found) {
    model.take(found.rows);
    model.clash(found.conflicts);
    panels.conflicts();
    panels.counts();
    const errors = model.faults("error").length;
    panels.sentence(errors || found.conflicts.length ? "" : found.sentence);
    panels.say(errors ? grid.fill(texts.checkedWrong, { count: errors }) : texts.checkedFine);
    if (found.conflicts.length) part("conflicts").scrollIntoView({ block: "nearest" });
    else if (errors) nextFault(false);
  }

  async function check() {
    const rows = model.sent();
    if (!rows.length) { panels.say(texts.nothing); return; }
    const found = await working(grid.fill(texts.checking, { count: rows.length }), () => grid.ask(settings, "check", { method: "POST", body: { rows } }));
    if (found) took(found);
  }

  async function apply() {
    const rows = model.sent();
    const errors = model.faults("error").length;
    if (!rows.length) { panels.say(texts.nothing); return; }
    if (errors) { panels.say(grid.fill(texts.applyFirst, { count: errors }), "warning"); nextFault(false); return; }
    await draft.save();
    const found = await working(grid.fill(texts.applying, { count: rows.length }), () => grid.ask(settings, "apply", { method: "POST", body: { rows } }));
    if (found && found.url) { grid.leavingPage = true; draft.release(); location.assign(found.url); } else if (found) took(found);
  }

  part("retry").addEventListener("click", load);
  load();
})();
