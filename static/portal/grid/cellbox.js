// The one input of the grid. It lies unseen on the selected cell and has the focus, so that the first key, also of a
// Chinese input method, already goes into it; typing makes it visible. Choices open below it as a list.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});
  const MOST_OPTIONS = 200;

  grid.CellBox = class {
    constructor({ sheet, model, frame, input, list, message, texts }) {
      Object.assign(this, { sheet, model, frame, input, list, message, texts, editing: "", chosen: -1, options: [] });
      sheet.watch(this);
      input.addEventListener("input", () => this.typed());
      input.addEventListener("compositionstart", () => { if (!this.editing) this.open("type"); });
      input.addEventListener("blur", () => this.close(true));
      input.addEventListener("focus", () => frame.classList.add("has-focus"));
      input.addEventListener("blur", () => frame.classList.remove("has-focus"));
      list.addEventListener("mousedown", (event) => event.preventDefault());
      list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) { this.input.value = option.dataset.value; this.close(true); this.sheet.step("down"); }
      });
      sheet.table.on("cellDblClick", () => this.open("edit"));
    }

    focus() {
      if (document.activeElement !== this.input) this.input.focus({ preventScroll: true });
    }

    // The selection has moved: the input goes there, and the line above the grid says what is wrong in the cell.
    moved() {
      if (this.editing) return;
      const active = this.sheet.active();
      if (!active) return;
      this.place();
      const { row, column } = active;
      const where = grid.fill(this.texts.cell, { row: row.meta.number, column: column.header });
      const fault = this.model.faultOf(row, column.key);
      this.input.setAttribute("aria-label", `${where} ${row[column.key] || this.texts.empty}`);
      this.input.toggleAttribute("aria-invalid", Boolean(fault) && fault.level === "error");
      this.message(where, this.explain(row, column, fault), fault ? fault.level : "", this.model.isFixed(row, column.key) && row.meta.person);
    }

    explain(row, column, fault) {
      if (fault) return fault.message;
      if (this.model.isFixed(row, column.key)) return row.meta.gone ? this.texts.gone : this.texts.fixed;
      return column.explanation;
    }

    place() {
      const active = this.sheet.active();
      const cell = active && this.sheet.cell(active.at, active.across);
      if (!cell) return;
      const at = cell.getElement().getBoundingClientRect();
      const frame = this.frame.getBoundingClientRect();
      const { style } = this.input;
      style.left = at.left - frame.left + "px";
      style.top = at.top - frame.top + "px";
      style.height = at.height + "px";
      const room = frame.right - at.left;
      style.width = Math.max(40, Math.min(room, this.editing ? Math.max(at.width, 160) : at.width)) + "px";
      this.list.style.left = style.left;
      this.list.style.top = at.bottom - frame.top + 2 + "px";
      this.list.style.minWidth = at.width + "px";
    }

    scrolled() {
      this.place();
    }

    // mode: "type" replaces what is there, and arrows leave the cell; "edit" goes on with it.
    open(mode) {
      const active = this.sheet.active();
      if (this.editing || !active) return false;
      if (this.model.isFixed(active.row, active.column.key)) { this.input.value = ""; this.moved(); this.frame.classList.add("refused"); window.setTimeout(() => this.frame.classList.remove("refused"), 400); return false; }
      this.editing = mode;
      this.at = active;
      if (mode === "edit") this.input.value = active.row[active.column.key];
      this.frame.classList.add("is-editing");
      this.place();
      this.suggest();
      if (mode === "edit") this.input.setSelectionRange(this.input.value.length, this.input.value.length);
      return true;
    }

    typed() {
      if (!this.editing && !this.open("type")) return;
      this.suggest();
    }

    close(keep) {
      if (!this.editing) { this.input.value = ""; return; }
      const { row, column } = this.at;
      const text = this.input.value.replace(/\s+$/, "");
      this.editing = "";
      this.input.value = "";
      this.frame.classList.remove("is-editing");
      this.hide();
      if (keep) this.sheet.edit([[row, column.key, text]]);
      this.sheet.moved();
    }

    // The list -----------------------------------------------------------------------------------------------------
    all() {
      const { column } = this.at;
      if (column.key === "community") return this.model.settings.communities.map((place) => place.name);
      if (column.key === "code") return this.model.settings.communities.map((place) => place.code);
      return column.choices;
    }

    suggest() {
      const all = Array.from(new Set(this.all()));
      const typed = this.input.value.trim();
      const whole = !typed || all.includes(typed);
      this.options = (whole ? all : all.filter((one) => one.includes(typed))).slice(0, MOST_OPTIONS);
      this.chosen = this.options.indexOf(typed);
      this.list.replaceChildren(...this.options.map((value, at) => {
        const option = grid.element("div", "", value);
        option.setAttribute("role", "option");
        option.id = "grid-option-" + at;
        option.dataset.value = value;
        return option;
      }));
      const open = this.options.length > 0;
      this.list.hidden = !open;
      this.input.setAttribute("aria-expanded", String(open));
      this.mark();
    }

    choose(step) {
      if (!this.options.length) return false;
      this.chosen = (this.chosen + step + this.options.length) % this.options.length;
      this.input.value = this.options[this.chosen];
      this.mark();
      return true;
    }

    mark() {
      Array.from(this.list.children).forEach((option, at) => option.setAttribute("aria-selected", String(at === this.chosen)));
      const option = this.list.children[this.chosen];
      if (option) { option.scrollIntoView({ block: "nearest" }); this.input.setAttribute("aria-activedescendant", option.id); } else this.input.removeAttribute("aria-activedescendant");
    }

    hide() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  };
})();
