// What a cell of the grid shows: its text, and a word, a sign and a colour where something is the matter with it.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});
  const SIGNS = { error: "▲", warning: "◆", note: "ⓘ", new: "＋", changed: "✎", clash: "⇄", gone: "✕", fine: "✓" };

  function element(name, css, text) {
    const made = document.createElement(name);
    made.className = css;
    made.textContent = text;
    return made;
  }
  grid.element = element;

  grid.Looks = class {
    constructor(model, texts) {
      Object.assign(this, { model, texts });
    }

    title(column) {
      const made = element("span", "grid-title", column.header);
      if (column.required) made.append(element("span", "grid-needed", this.texts.needed));
      return made;
    }

    head(cell) {
      const row = cell.getRow().getData();
      const made = document.createDocumentFragment();
      made.append(element("span", "grid-number", String(row.meta.number)), element("span", "grid-name", row.name || ""));
      const [kind, word] = this.state(row);
      if (kind) {
        const mark = element("span", "grid-mark " + kind, SIGNS[kind] + " " + word);
        made.append(mark);
      }
      return made;
    }

    state(row) {
      const { texts } = this;
      const errors = row.meta.faults.filter((fault) => fault.level === "error").length;
      if (row.meta.gone) return ["gone", texts.gone];
      if (row.meta.conflict) return ["clash", texts.clash];
      if (errors) return ["error", texts.wrong + (errors > 1 ? " " + errors : "")];
      if (!this.model.isTyped(row)) return ["", ""];
      if (row.meta.server) return ["fine", row.meta.server.status === "unchanged" ? texts.same : texts.fine];
      return row.meta.base ? ["changed", texts.changed] : ["new", texts.new];
    }

    show(cell) {
      const row = cell.getRow().getData();
      const key = cell.getField();
      const box = cell.getElement();
      const fault = this.model.faultOf(row, key);
      const base = row.meta.base;
      box.classList.toggle("is-fixed", this.model.isFixed(row, key) && !this.model.isBlank(row));
      box.classList.toggle("is-changed", Boolean(base) && row[key] !== (base[key] || ""));
      ["error", "warning", "note"].forEach((level) => box.classList.toggle("is-" + level, Boolean(fault) && fault.level === level));
      if (fault && fault.level === "error") box.setAttribute("aria-invalid", "true");
      else box.removeAttribute("aria-invalid");
      box.title = fault ? fault.message : "";
      const made = document.createDocumentFragment();
      made.append(element("span", "grid-text", row[key]));
      if (fault) {
        const word = fault.level !== "error" ? this.texts.look : row[key] ? this.texts.wrong : this.texts.needed;
        made.append(element("span", "grid-mark " + fault.level, SIGNS[fault.level] + " " + word));
      }
      return made;
    }
  };
})();
