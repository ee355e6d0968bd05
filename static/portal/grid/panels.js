// What stands around the grid: the line about the selected cell, the list of faults, the changes to come, the notices.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});
  const MOST_SHOWN = 200;
  const make = (name, css, text) => grid.element(name, css || "", text || "");

  function button(text, css, act) {
    const made = make("button", "btn " + css, text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  grid.Panels = class {
    constructor(root, { model, settings, go }) {
      Object.assign(this, { model, settings, go, texts: settings.texts });
      this.part = (name) => root.querySelector(`[data-part="${name}"]`);
      this.live = this.part("live");
    }

    say(text, tone) {
      if (tone === "warning") window.portal.show(text, tone);
      else { this.live.textContent = ""; window.setTimeout(() => { this.live.textContent = text; }, 50); }
    }

    // The selected cell.
    message(where, text, level, person) {
      const box = this.part("message");
      box.className = "grid-message " + level;
      const parts = [make("b", "", where), make("span", "", text)];
      if (person) {
        const link = make("a", "", this.texts.personPage);
        link.href = this.settings.urls.worker.replace("00000000-0000-0000-0000-000000000000", person);
        parts.push(link);
      }
      box.replaceChildren(...parts);
    }

    // Counts on the buttons, and the list that leads to every fault.
    counts() {
      const { texts } = this;
      const errors = this.model.faults("error");
      const warnings = this.model.faults("warning");
      const typed = this.model.typed().length;
      this.part("typed").textContent = typed ? grid.fill(texts.typed, { count: typed }) : texts.nothingTyped;
      const next = this.part("next");
      next.hidden = !errors.length && !warnings.length;
      next.querySelector("span").textContent = errors.length ? grid.fill(texts.faults, { count: errors.length }) : grid.fill(texts.warnings, { count: warnings.length });
      next.classList.toggle("has-errors", errors.length > 0);
      this.part("apply").querySelector("span").textContent = typed ? grid.fill(texts.apply, { count: typed }) : texts.applyNone;
      this.part("apply").disabled = this.part("check").disabled = !typed;
      this.list([...errors, ...warnings]);
      this.changes();
    }

    list(faults) {
      const box = this.part("faults");
      box.hidden = !faults.length;
      this.part("faults-title").textContent = faults.some((fault) => fault.level === "error") ? this.texts.toMend : this.texts.toLook;
      this.part("fault-list").replaceChildren(...faults.slice(0, MOST_SHOWN).map((fault) => {
        const item = make("li", fault.level);
        const header = this.model.checks.columns.get(fault.key).header;
        const jump = button(grid.fill(this.texts.cell, { row: fault.row.meta.number, column: header }), "btn-quiet btn-sm", () => this.go(fault.row, fault.key));
        const [sign, word] = fault.level === "error" ? ["▲", this.texts.wrong] : ["◆", this.texts.look];
        item.append(make("span", "grid-mark " + fault.level, `${sign} ${word}`), jump, make("span", "grid-said", `${fault.row.name} ${fault.message}`.trim()));
        if (fault.suggestion) item.append(button(grid.fill(this.texts.fillIn, { text: fault.suggestion }), "btn-sm", () => this.mend(fault)));
        return item;
      }));
    }

    mend(fault) {
      this.model.set([[fault.row, fault.key, fault.suggestion]]);
      this.go(fault.row, fault.key);
    }

    // After the check: what applying would change, row by row.
    changes() {
      const rows = this.model.typed().filter((row) => row.meta.server && row.meta.server.changes.length && !row.meta.server.errors.length);
      this.part("changes").hidden = !rows.length;
      this.part("change-list").replaceChildren(...rows.slice(0, MOST_SHOWN).map((row) => {
        const item = make("li");
        const words = row.meta.server.status === "new" ? this.added(row) : row.meta.server.changes.map((one) => `${one.label} ${one.old || this.texts.empty} → ${one.new || this.texts.empty}`).join(this.texts.between);
        item.append(button(grid.fill(this.texts.row, { row: row.meta.number }), "btn-quiet btn-sm", () => this.go(row, row.meta.server.changes[0].key)), make("span", "grid-said", `${row.name} ${words}`));
        return item;
      }));
    }

    added(row) {
      return grid.fill(this.texts.added, { place: row.community || row.code, body: row.body, title: row.title, from: row.valid_from });
    }

    sentence(text) {
      const box = this.part("sentence");
      box.hidden = !text;
      box.textContent = text;
    }

    draft(text, state) {
      const box = this.part("draft");
      box.textContent = text;
      box.dataset.state = state;
    }

    notice(name, text, acts = [], tone = "info") {
      const box = this.part(name);
      box.hidden = !text;
      box.className = "notice " + tone;
      const body = make("div", "text");
      body.append(make("p", "", text));
      box.replaceChildren(body, ...acts);
    }

    others(found) {
      const { texts } = this;
      this.notice("others", found.map((one) => grid.fill(texts.other, { ...one, at: one.at.slice(-5) })).join(" "), [], "warning");
    }

    moved(message, theirs, keepMine) {
      const { texts } = this;
      const mine = button(texts.draftMine, "btn-sm", () => { this.notice("moved", ""); keepMine(); });
      const other = button(texts.draftTheirs, "btn-sm", () => { grid.release(); location.reload(); });
      this.notice("moved", `${message} ${grid.fill(texts.draftText, theirs)}`, [mine, other], "warning");
    }

    // Rows that somebody else has changed: both versions, and a choice for each.
    conflicts() {
      const rows = this.model.conflicts();
      this.part("conflicts").hidden = !rows.length;
      this.part("conflict-list").replaceChildren(...rows.map((row) => this.conflict(row)));
    }

    conflict(row) {
      const { texts } = this;
      const { conflict } = row.meta;
      const item = make("li", "grid-conflict");
      const gone = conflict.version === null;
      const text = gone ? texts.conflictGone : conflict.by ? texts.conflictText : texts.conflictUnknown;
      item.append(make("p", "", grid.fill(text, { who: conflict.by, at: conflict.at, name: row.name, row: row.meta.number })));
      if (!gone) item.append(this.versions(row, conflict));
      const settle = (mine) => { this.model.settle(row, mine); this.conflicts(); this.counts(); };
      const acts = make("div", "acts");
      if (!gone) acts.append(button(texts.mine, "btn-sm", () => settle(true)));
      acts.append(button(gone ? texts.drop : texts.theirs, "btn-sm", () => settle(false)));
      item.append(acts);
      return item;
    }

    versions(row, conflict) {
      const { texts } = this;
      const table = make("table", "grid-versions");
      const line = (cells, tag) => { const made = make("tr"); made.append(...cells.map((cell) => make(tag, "", cell))); return made; };
      const head = make("thead");
      head.append(line([texts.column, texts.myValue, texts.nowValue], "th"));
      const body = make("tbody");
      const base = row.meta.base || {};
      const mine = new Set(this.model.changedKeys(row));
      this.model.settings.columns.filter(({ key }) => mine.has(key) || (base[key] || "") !== (conflict.cells[key] || "")).forEach(({ key, header }) => {
        const now = conflict.cells[key] || texts.empty;
        body.append(line([header, mine.has(key) ? row[key] || texts.empty : now, now], "td"));
      });
      table.append(head, body);
      return table;
    }
  };

  grid.button = button;
})();
