// The scoring sheet of ratings: fifty units without leaving the keyboard. Arrows and Enter move between cells, = takes the
// points of the stage before, Ctrl+Enter saves. Bounds are judged while typing; what the row rests on stands beside it.
// Without this script the sheet is a plain form with the same checks on the server.
(function () {
  "use strict";
  const form = document.querySelector("[data-point-sheet]");
  if (!form) return;
  const rows = Array.from(form.querySelectorAll("tbody tr"));
  const cells = rows.map((row) => Array.from(row.querySelectorAll("input[data-most]")));
  const says = form.querySelector("[data-sheet-says]");
  const beside = Array.from(document.querySelectorAll("[data-beside]"));

  // Full-width digits and the full-width point are what a Chinese keyboard types.
  const plain = (text) => text.trim().replace(/[０-９．]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/。/g, ".");

  function valid(field) {
    const text = plain(field.value);
    return !text || (/^(\d{1,3}(\.\d{0,2})?|\.\d{1,2})$/.test(text) && Number(text) <= Number(field.dataset.most));
  }

  function judge(field) {
    const good = valid(field);
    const cell = field.closest("td");
    cell.classList.toggle("cell-bad", !good);
    if (good) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
    field.title = good ? "" : form.dataset.wrong.replace("%s", field.dataset.most);
    says.textContent = good ? "" : `${field.getAttribute("aria-label")}：${field.title}`;
  }

  function add(row, fields) {
    const given = fields.filter((field) => plain(field.value) && valid(field));
    const cents = given.reduce((sum, field) => sum + Math.round(Number(plain(field.value)) * 100), 0);
    const total = cents + Math.round(Number(row.dataset.auto || 0) * 100);
    row.querySelector("[data-sum]").textContent = String(total / 100);
    const left = row.querySelector("[data-left]");
    if (left) left.hidden = given.length === fields.length;
  }

  const at = (field) => {
    const line = rows.indexOf(field.closest("tr"));
    return [line, cells[line].indexOf(field)];
  };

  function go(line, column) {
    const field = cells[line] && cells[line][column];
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  }

  function show(field) {
    const row = field.closest("tr");
    beside.forEach((panel) => { panel.hidden = panel.dataset.beside !== row.dataset.unit; });
    const panel = beside.find((one) => !one.hidden);
    const item = field.name.split("-")[2];
    if (panel) panel.querySelectorAll("[data-item]").forEach((one) => one.classList.toggle("here", one.dataset.item === item));
    rows.forEach((one) => one.classList.toggle("selected", one === row));
  }

  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  function edge(field, key) {
    const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    if (key === "ArrowLeft") return whole || field.selectionEnd === 0;
    return whole || field.selectionStart === field.value.length;
  }

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches("input[data-most]") || event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) { form.requestSubmit(form.querySelector("button[name=save]")); return; }
      const [line, column] = at(field);
      // Down the column; at its end to the top of the next one.
      if (!go(line + (event.shiftKey ? -1 : 1), column)) go(event.shiftKey ? rows.length - 1 : 0, column + (event.shiftKey ? -1 : 1));
      return;
    }
    if (event.key === "=" && field.dataset.before && !field.readOnly) {
      event.preventDefault();
      field.value = field.dataset.before;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      const [line, column] = at(field);
      go(line, column + 1);
      return;
    }
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (move[1] && !edge(field, event.key)) return;
    const [line, column] = at(field);
    if (go(line + move[0], column + move[1])) event.preventDefault();
  });

  form.addEventListener("input", (event) => {
    if (!event.target.matches("input[data-most]")) return;
    judge(event.target);
    const row = event.target.closest("tr");
    add(row, cells[rows.indexOf(row)]);
  });
  form.addEventListener("focusin", (event) => {
    if (!event.target.matches("input[data-most]")) return;
    event.target.select();
    show(event.target);
  });
  // A sheet with a cell out of bounds is not sent: the cursor goes to the first of them.
  form.addEventListener("submit", (event) => {
    const wrong = cells.flat().find((field) => !valid(field));
    if (!wrong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    judge(wrong);
    wrong.focus();
  }, true);
  if (beside.length) beside[0].hidden = false;
  const first = form.querySelector("[aria-invalid]") ? null : cells.flat().find((field) => !field.value);
  if (first && !first.readOnly) first.focus({ preventScroll: true });
})();
