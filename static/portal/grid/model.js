// The rows of the grid: what is on record, what was typed over it, what each row is faulted for, and the way back.
// A row is flat for the table: its cells by column key, beside `id` and `meta`.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});
  const MOST_STEPS = 200;

  grid.Model = class {
    constructor(settings) {
      this.settings = settings;
      this.keys = settings.columns.map((column) => column.key);
      this.checks = new grid.Checks(settings);
      this.rows = [];
      this.byId = new Map();
      this.undone = [];
      this.done = [];
      this.made = 0;
      this.listeners = [];
    }

    onChange(listener) {
      this.listeners.push(listener);
    }

    tell(rows, why) {
      this.listeners.forEach((listener) => listener(rows, why));
    }

    load(records) {
      records.forEach((record) => this.add({ id: "p" + record.post, base: record.cells, post: record.post, person: record.person, version: record.version }));
    }

    add({ id, base = null, post = null, person = null, version = null }) {
      const row = { id: id || "n" + (this.made += 1), meta: { base, post, person, version, number: this.rows.length + 1, faults: [], server: null, conflict: null } };
      this.keys.forEach((key) => { row[key] = base ? base[key] || "" : ""; });
      this.rows.push(row);
      this.byId.set(row.id, row);
      return row;
    }

    addBlank(count) {
      return Array.from({ length: count }, () => this.add({}));
    }

    isBlank(row) {
      return !row.meta.base && !row.meta.person && this.keys.every((key) => !row[key]);
    }

    // Keys of the cells that differ from the record.
    changedKeys(row) {
      return row.meta.base ? this.keys.filter((key) => row[key] !== (row.meta.base[key] || "")) : this.keys.filter((key) => row[key]);
    }

    isTyped(row) {
      if (row.meta.gone) return false;
      return row.meta.base ? this.keys.some((key) => row[key] !== (row.meta.base[key] || "")) : !this.isBlank(row);
    }

    isFixed(row, key) {
      if (row.meta.gone) return true;
      if (row.meta.base) return this.settings.fixed.includes(key);
      return Boolean(row.meta.person) && key === "id_number";
    }

    typed() {
      return this.rows.filter((row) => this.isTyped(row));
    }

    // Rows as the server takes them.
    sent() {
      return this.typed().map((row) => ({
        key: row.id, number: row.meta.number, post: row.meta.post, person: row.meta.person, version: row.meta.version,
        cells: Object.fromEntries(this.changedKeys(row).map((key) => [key, row[key]])),
      }));
    }

    // One step of typing: changes as [row, key, text]. Answers how many were left out because the cell is fixed.
    set(changes) {
      const step = this.withPlaces(changes).filter(([row, key, text]) => !this.isFixed(row, key) && row[key] !== text).map(([row, key, text]) => ({ row, key, old: row[key], text }));
      if (step.length) {
        this.done.push(step);
        if (this.done.length > MOST_STEPS) this.done.shift();
        this.undone = [];
        this.write(step, "text");
      }
      return changes.filter(([row, key, text]) => this.isFixed(row, key) && row[key] !== text).length;
    }

    // A community chosen by name brings its code, and the other way round, where the list leaves no doubt.
    withPlaces(changes) {
      const given = new Set(changes.filter(([, , text]) => text).map(([row, key]) => row.id + key));
      const other = { community: ["name", "code", "code"], code: ["code", "community", "name"] };
      const added = changes.flatMap(([row, key, text]) => {
        if (!other[key] || !text || row.meta.base || given.has(row.id + other[key][1])) return [];
        const [from, target, field] = other[key];
        const found = this.settings.communities.filter((place) => place[from] === text.trim());
        return found.length === 1 ? [[row, target, found[0][field]]] : [];
      });
      return [...changes, ...added];
    }

    write(step, side) {
      step.forEach((one) => { one.row[one.key] = one[side]; });
      const rows = new Set(step.map((one) => one.row));
      rows.forEach((row) => this.review(row));
      this.tell(rows, "typed");
    }

    undo() {
      const step = this.done.pop();
      if (!step) return null;
      this.undone.push(step);
      this.write(step, "old");
      return step;
    }

    redo() {
      const step = this.undone.pop();
      if (!step) return null;
      this.done.push(step);
      this.write(step, "text");
      return step;
    }

    // What the page finds; the server's word on the row is out of date with the first change.
    review(row) {
      row.meta.server = null;
      if (this.keys.every((key) => !row[key])) row.meta.person = row.meta.base ? row.meta.person : null;
      row.meta.faults = this.isTyped(row) ? this.checks.of(row) : [];
    }

    // The server's check of rows, by id.
    take(found) {
      const rows = this.typed().filter((row) => found[row.id]);
      rows.forEach((row) => {
        row.meta.server = found[row.id];
        const told = (level) => (issue) => ({ key: this.keys.includes(issue.key) ? issue.key : "name", level, message: issue.message, suggestion: issue.suggestion || "" });
        const notes = row.meta.faults.filter((fault) => fault.level === "note");
        row.meta.faults = [...found[row.id].errors.map(told("error")), ...found[row.id].warnings.map(told("warning")), ...notes];
      });
      this.tell(new Set(rows), "checked");
    }

    faults(level) {
      return this.rows.flatMap((row) => this.inOrder(row).filter((fault) => fault.level === level).map((fault) => ({ row, ...fault })));
    }

    inOrder(row) {
      return row.meta.faults.slice().sort((one, other) => this.keys.indexOf(one.key) - this.keys.indexOf(other.key));
    }

    faultOf(row, key) {
      const order = ["error", "warning", "note"];
      return row.meta.faults.filter((fault) => fault.key === key).sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level))[0] || null;
    }

    // Another person has saved: both versions stand beside each other until one is chosen.
    clash(conflicts) {
      const rows = conflicts.map((conflict) => {
        const row = this.byId.get(conflict.key);
        if (row) row.meta.conflict = conflict;
        return row;
      });
      this.tell(new Set(rows.filter(Boolean)), "checked");
    }

    settle(row, mine) {
      const { conflict, base } = row.meta;
      const typed = Object.fromEntries(this.changedKeys(row).map((key) => [key, row[key]]));
      row.meta.conflict = null;
      row.meta.version = conflict.version;
      row.meta.gone = Boolean(base) && conflict.version === null;
      if (base && !row.meta.gone) row.meta.base = conflict.cells;
      if (base) this.keys.forEach((key) => { row[key] = (row.meta.base[key] || ""); });
      if (mine) Object.assign(row, typed);
      else if (!base) { this.keys.forEach((key) => { row[key] = ""; }); row.meta.person = null; }
      this.review(row);
      this.tell(new Set([row]), "typed");
    }

    conflicts() {
      return this.rows.filter((row) => row.meta.conflict);
    }

    // What a draft held, put in before the rows are drawn; answers how many of its rows are no longer there to change.
    restore(typed) {
      let lost = 0;
      typed.forEach((one) => {
        const row = one.post ? this.byId.get("p" + one.post) : this.add({ person: one.person, version: one.version });
        if (!row) { lost += 1; return; }
        if (one.post) row.meta.version = one.version;
        Object.assign(row, Object.fromEntries(Object.entries(one.cells).filter(([key]) => this.keys.includes(key))));
        this.review(row);
      });
      return lost;
    }
  };
})();
