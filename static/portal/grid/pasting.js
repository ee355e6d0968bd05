// Where a pasted block goes: at the selected cell, or by its header; what could not be taken is told.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});

  grid.Pasting = class {
    constructor({ sheet, model, say, texts }) {
      Object.assign(this, { sheet, model, say, texts });
    }

    take(text, html) {
      const range = this.sheet.range();
      if (!text || !range) return;
      const { header, rows } = grid.clipboard.read(text, html, this.sheet.settings);
      const top = header ? this.firstRow(range.top) : range.top;
      const room = this.room(rows, top);
      const kept = rows.slice(0, room);
      const keys = header ? header.keys : this.sheet.settings.columns.slice(range.left).map((column) => column.key);
      const spread = this.spread(kept, range, header);
      this.sheet.spare(Math.max(0, top + spread.length - this.lastTyped()));
      const changes = spread.flatMap((cells, down) => cells.slice(0, keys.length).map((cell, at) => [this.model.rows[top + down], keys[at], cell])).filter(([, key]) => key);
      const width = Math.max(...spread.map((cells) => cells.length));
      const fixed = this.sheet.edit(changes);
      if (header) this.sheet.go(top, 0);
      else this.sheet.go(top, range.left, top + spread.length - 1, range.left + width - 1);
      this.tell({ header, top, count: spread.length, width, fixed, left: rows.length - kept.length, beyond: header ? 0 : width - keys.length });
    }

    // One cell fills the whole selection; a block that fits several times is repeated, as in a spreadsheet.
    spread(rows, range, header) {
      const tall = range.bottom - range.top + 1;
      const wide = range.right - range.left + 1;
      if (header || tall * wide === 1 || tall % rows.length || rows.some((cells) => wide % cells.length)) return rows;
      return Array.from({ length: tall }, (unused, down) => {
        const cells = rows[down % rows.length];
        return Array.from({ length: wide }, (none, at) => cells[at % cells.length]);
      });
    }

    // A block with a header is a list of rows of its own: it begins on a blank row, never over what is on record.
    firstRow(top) {
      return this.model.isBlank(this.model.rows[top]) ? top : this.lastTyped();
    }

    lastTyped() {
      const { rows } = this.model;
      let at = rows.length;
      while (at > 0 && this.model.isBlank(rows[at - 1])) at -= 1;
      return at;
    }

    room(rows, top) {
      const over = this.model.rows.slice(top, top + rows.length).filter((row) => this.model.isTyped(row)).length;
      return Math.max(0, this.sheet.settings.most - this.model.typed().length + over);
    }

    tell({ header, top, count, width, fixed, left, beyond }) {
      const { texts } = this;
      const said = [header ? grid.fill(texts.pastedByHeader, { rows: count, first: top + 1 }) : grid.fill(texts.pasted, { rows: count, columns: width })];
      if (header && header.unknown.length) said.push(grid.fill(texts.skippedColumns, { names: header.unknown.join("、") }));
      if (beyond > 0) said.push(grid.fill(texts.skippedWide, { count: beyond }));
      if (fixed) said.push(grid.fill(texts.skippedFixed, { count: fixed }));
      if (left) said.push(grid.fill(texts.skippedRows, { most: this.sheet.settings.most, count: left }));
      this.say(said.join(" "), said.length > 1 ? "warning" : "info");
    }
  };
})();
