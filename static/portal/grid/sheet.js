// The table on screen: Tabulator draws and scrolls the rows and keeps the selected range; what a cell shows is said here.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});
  const SPARE = 20; // blank rows below the last one, as in a spreadsheet
  const ROW_PX = 32;
  const HEAD_PX = window.innerWidth < 600 ? 128 : 156;

  grid.Sheet = class {
    constructor(box, model, settings) {
      Object.assign(this, { box, model, settings, watchers: [], components: null, looks: new grid.Looks(model, settings.texts) });
      this.spare();
      this.table = new Tabulator(box, this.options());
      this.table.on("rangeChanged", () => this.moved());
      this.table.on("rangeAdded", () => this.moved());
      this.ready = new Promise((resolve) => this.table.on("tableBuilt", () => { this.tame(); resolve(); }));
      model.onChange((rows) => this.refresh(rows));
    }

    options() {
      const { looks } = this;
      const { texts } = this.settings;
      return {
        data: this.model.rows, index: "id", height: "100%", rowHeight: ROW_PX, layout: "fitDataFill",
        columnDefaults: { headerSort: false, resizable: "header", headerHozAlign: "left" },
        rowHeader: { field: "id", width: HEAD_PX, resizable: false, frozen: true, headerSort: false, title: texts.rowHead, formatter: (cell) => looks.head(cell) },
        columns: this.settings.columns.map((column) => ({
          field: column.key, title: column.header, width: Math.max(88, column.width * 9 + 30), headerTooltip: column.explanation,
          titleFormatter: () => looks.title(column), formatter: (cell) => looks.show(cell),
        })),
        selectableRange: 1, selectableRangeColumns: true, selectableRangeRows: true, selectableRangeAutoFocus: false,
        keybindings: false, history: false, clipboard: false, placeholder: texts.placeholder,
      };
    }

    // Tabulator walks all rows at every step and takes the focus for itself; here the visible rows are enough, and the
    // focus belongs to the input that also takes Chinese input methods.
    tame() {
      const select = (this.select = this.table.modules.selectRange);
      const layout = select.layoutElement.bind(select);
      select.layoutElement = () => layout(true);
      select.initializeFocus = () => this.focus();
      select.restoreFocus = () => { this.focus(); return true; };
      this.holder = this.box.querySelector(".tabulator-tableholder");
      this.holder.addEventListener("focus", () => this.focus());
      this.holder.setAttribute("role", "rowgroup");
      this.box.querySelector(".tabulator-table").removeAttribute("role");
      this.box.querySelector(".tabulator-header").tabIndex = -1;
      this.box.setAttribute("aria-rowcount", String(this.model.rows.length + 1));
      this.holder.addEventListener("scroll", () => { layout(true); this.watchers.forEach((watcher) => watcher.scrolled()); }, { passive: true });
    }

    focus() {
      this.watchers.forEach((watcher) => watcher.focus());
    }

    watch(watcher) {
      this.watchers.push(watcher);
    }

    moved() {
      if (this.pending) return;
      this.pending = requestAnimationFrame(() => {
        this.pending = 0;
        this.watchers.forEach((watcher) => watcher.moved());
      });
    }

    // What is typed, pasted or cleared; answers how many cells were left alone because they are fixed.
    edit(changes) {
      return this.model.set(changes);
    }

    refresh(rows) {
      const last = this.model.rows.length - 1;
      if (Array.from(rows).some((row) => row.meta.number > last - SPARE / 2)) this.spare();
      rows.forEach((row) => this.redraw(this.component(row)));
      this.moved();
    }

    // A row out of sight is drawn anew when it comes into sight; `reformat` would forget its height meanwhile.
    redraw(shown) {
      if (!shown) return;
      if (shown.getElement().isConnected) shown.reformat();
      else shown._row.initialized = false;
    }

    component(row) {
      if (!this.components || this.components.size !== this.model.rows.length) {
        this.components = new Map(this.table.getRows().map((one) => [one.getData().id, one]));
      }
      return this.components.get(row.id);
    }

    // Keeps blank rows at the end; `least` of them at once where more is pasted than there is room for.
    spare(least = SPARE) {
      const { rows } = this.model;
      let blank = 0;
      while (blank < rows.length && this.model.isBlank(rows[rows.length - 1 - blank])) blank += 1;
      if (blank >= least) return;
      const added = this.model.addBlank(Math.max(least, SPARE) - blank);
      if (this.table) {
        this.table.addData(added);
        this.components = null;
      }
    }

    // Where the selection is ---------------------------------------------------------------------------------------
    range() {
      const range = this.select && this.select.activeRange;
      if (!range || range.start.row === undefined) return null;
      const columns = this.settings.columns.length;
      const left = Math.max(range.left, 1) - 1;
      return { top: range.top, bottom: range.bottom, left, right: Math.min(range.right, columns) - 1, row: range.start.row, column: Math.max(range.start.col, 1) - 1 };
    }

    active() {
      const range = this.range();
      const row = range && this.model.rows[range.row];
      return row ? { row, column: this.settings.columns[range.column], at: range.row, across: range.column } : null;
    }

    cell(at, across) {
      const shown = this.model.rows[at] && this.component(this.model.rows[at]);
      return shown ? shown.getCell(this.settings.columns[across].key) : null;
    }

    go(at, across, endAt = at, endAcross = across) {
      const clamp = (value, most) => Math.max(0, Math.min(value, most));
      const rows = this.model.rows.length - 1;
      const columns = this.settings.columns.length - 1;
      const [top, left, bottom, right] = [clamp(at, rows), clamp(across, columns), clamp(endAt, rows), clamp(endAcross, columns)];
      this.select.selecting = "cell";
      this.select.activeRange.setStart(top, left + 1);
      this.select.activeRange.setEnd(bottom, right + 1);
      this.reveal(top, left);
      this.select.layoutElement(true);
      this.moved();
    }

    // The height of a row with its line, as the browser draws it.
    pitch() {
      const [row] = this.table.getRows("visible");
      return (row && row.getElement().offsetHeight) || ROW_PX;
    }

    reveal(at, across) {
      const { holder } = this;
      const shown = this.component(this.model.rows[at]);
      const drawn = shown.getElement();
      const [row, view] = [drawn.getBoundingClientRect(), holder.getBoundingClientRect()];
      if (!drawn.isConnected) this.table.scrollToRow(shown, "center", false);
      else if (row.top < view.top) holder.scrollTop -= view.top - row.top;
      else if (row.bottom > view.top + holder.clientHeight) holder.scrollTop += row.bottom - view.top - holder.clientHeight;
      const widths = this.settings.columns.map((column) => this.table.getColumn(column.key).getWidth());
      const left = widths.slice(0, across).reduce((sum, width) => sum + width, 0);
      const room = holder.clientWidth - HEAD_PX;
      if (left < holder.scrollLeft) holder.scrollLeft = left;
      else if (left + widths[across] > holder.scrollLeft + room) holder.scrollLeft = Math.min(left, left + widths[across] - room);
    }

    step(dir, { jump = false, expand = false } = {}) {
      this.select.navigate(jump, expand, dir);
      this.moved();
    }
  };
})();
