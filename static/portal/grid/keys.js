// Keys and clipboard as in a spreadsheet. Escape, then Tab leaves the grid, so that nobody is held in it.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});
  const ARROWS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

  grid.Keys = class {
    constructor({ sheet, model, cell, acts, say, texts }) {
      Object.assign(this, { sheet, model, cell, acts, say, texts, leaving: false });
      const { input } = cell;
      input.addEventListener("keydown", (event) => this.down(event));
      input.addEventListener("blur", () => this.stay());
      input.addEventListener("copy", (event) => this.copy(event));
      input.addEventListener("cut", (event) => { if (this.copy(event)) this.clear(); });
      input.addEventListener("paste", (event) => this.paste(event));
    }

    down(event) {
      if (this.leaving && !["Escape", "Tab", "Shift"].includes(event.key)) this.stay();
      if (event.isComposing || event.keyCode === 229) return;
      const control = event.ctrlKey || event.metaKey;
      const handled = this.cell.editing ? this.whileEditing(event) : control ? this.withControl(event) : this.plain(event);
      if (handled) { event.preventDefault(); event.stopPropagation(); }
    }

    // Any other key than those that lead out is work in the grid again.
    stay() {
      this.leaving = false;
      this.sheet.holder.tabIndex = 0;
    }

    whileEditing(event) {
      const { cell, sheet } = this;
      const { key } = event;
      if (key === "Escape") { cell.close(false); return true; }
      if (key === "Enter" || key === "Tab") { cell.close(true); this.next(key, event.shiftKey); return true; }
      if (key === "ArrowDown" || key === "ArrowUp") {
        if (cell.choose(key === "ArrowDown" ? 1 : -1)) return true;
        if (cell.editing === "type") { cell.close(true); sheet.step(ARROWS[key]); return true; }
      }
      if (cell.editing === "type" && ARROWS[key] && !event.shiftKey && !event.ctrlKey) { cell.close(true); sheet.step(ARROWS[key]); return true; }
      if (key === "F8") { cell.close(true); this.acts.nextFault(event.shiftKey); return true; }
      return false;
    }

    next(key, back) {
      const active = this.sheet.active();
      if (key === "Enter") { this.sheet.step(back ? "up" : "down"); return; }
      const last = this.sheet.settings.columns.length - 1;
      if (!back && active.across === last) this.sheet.go(active.at + 1, 0);
      else if (back && active.across === 0) this.sheet.go(active.at - 1, last);
      else this.sheet.step(back ? "left" : "right");
    }

    plain(event) {
      const { key, shiftKey } = event;
      const { sheet } = this;
      const active = sheet.active();
      if (key === "Escape") { this.leaving = true; sheet.holder.tabIndex = -1; this.say(this.texts.leaving); return true; }
      if (key === "Tab" && this.leaving) return false;
      if (!active) return false;
      const page = Math.max(1, Math.floor(sheet.holder.clientHeight / sheet.pitch()) - 1);
      if (ARROWS[key] && event.altKey) { this.cell.open("edit"); return true; }
      if (ARROWS[key]) { sheet.step(ARROWS[key], { expand: shiftKey }); return true; }
      if (key === "Tab" || key === "Enter") { this.next(key, shiftKey); return true; }
      if (key === "F2") { this.cell.open("edit"); return true; }
      if (key === "F8") { this.acts.nextFault(shiftKey); return true; }
      if (key === "Delete" || key === "Backspace") { this.clear(); return true; }
      if (key === "Home") { sheet.go(active.at, 0); return true; }
      if (key === "End") { sheet.go(active.at, sheet.settings.columns.length - 1); return true; }
      if (key === "PageDown") { sheet.go(active.at + page, active.across); return true; }
      if (key === "PageUp") { sheet.go(active.at - page, active.across); return true; }
      return false;
    }

    withControl(event) {
      const { sheet, acts } = this;
      const key = event.key.toLowerCase();
      const active = sheet.active();
      if (ARROWS[event.key]) { sheet.step(ARROWS[event.key], { jump: true, expand: event.shiftKey }); return true; }
      if (key === "z") { if (event.shiftKey) acts.redo(); else acts.undo(); return true; }
      if (key === "y") { acts.redo(); return true; }
      if (key === "s") { acts.save(); return true; }
      if (key === "a") { sheet.go(0, 0, this.lastRow(), sheet.settings.columns.length - 1); return true; }
      if (key === "d") { this.fillDown(); return true; }
      if (key === "home" && active) { sheet.go(0, 0); return true; }
      if (key === "end" && active) { sheet.go(this.lastRow(), sheet.settings.columns.length - 1); return true; }
      return false;
    }

    lastRow() {
      const { rows } = this.model;
      let at = rows.length - 1;
      while (at > 0 && this.model.isBlank(rows[at])) at -= 1;
      return at;
    }

    // The selected cells, row by row, as [row, key].
    selected() {
      const range = this.sheet.range();
      if (!range) return [];
      const keys = this.sheet.settings.columns.slice(range.left, range.right + 1).map((column) => column.key);
      return this.model.rows.slice(range.top, range.bottom + 1).map((row) => keys.map((key) => [row, key]));
    }

    clear() {
      this.tellFixed(this.sheet.edit(this.selected().flat().map(([row, key]) => [row, key, ""])));
    }

    fillDown() {
      const [first, ...rest] = this.selected();
      if (first) this.tellFixed(this.sheet.edit(rest.flatMap((cells) => cells.map(([row, key], at) => [row, key, first[at][0][key]]))));
    }

    tellFixed(count) {
      if (count) this.say(grid.fill(this.texts.skippedFixed, { count }));
    }

    copy(event) {
      if (this.cell.editing) return false;
      event.preventDefault();
      event.clipboardData.setData("text/plain", grid.clipboard.write(this.selected().map((cells) => cells.map(([row, key]) => row[key]))));
      return true;
    }

    paste(event) {
      if (this.cell.editing) return;
      event.preventDefault();
      this.acts.paste(event.clipboardData.getData("text/plain"), event.clipboardData.getData("text/html"));
    }
  };
})();
