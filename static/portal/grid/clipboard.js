// Between the grid and a spreadsheet: the tab-separated text of Excel and WPS, and the headers it may begin with.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});
  const LEAST_HEADERS = 3;

  // Rows of cells. Cells with line breaks, tabs or quotes stand in quotes, quotes inside them are doubled; a quote in
  // the middle of a cell is a quote.
  function parse(text) {
    const rows = [[]];
    let at = 0;
    const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    while (at <= source.length) {
      const [cell, next] = source[at] === '"' ? quoted(source, at) : plain(source, at);
      rows[rows.length - 1].push(cell);
      if (source[next] === "\n") rows.push([]);
      at = next + 1;
    }
    return rows;
  }

  function plain(source, at) {
    let end = at;
    while (end < source.length && source[end] !== "\t" && source[end] !== "\n") end += 1;
    return [source.slice(at, end), end];
  }

  function quoted(source, at) {
    let cell = "";
    let end = at + 1;
    for (; end < source.length; end += 1) {
      if (source[end] !== '"') cell += source[end];
      else if (source[end + 1] === '"') { cell += '"'; end += 1; } else break;
    }
    const after = source[end + 1];
    if (end >= source.length || (after !== undefined && after !== "\t" && after !== "\n")) return plain(source, at);
    return [cell, end + 1];
  }

  const write = (rows) => rows.map((cells) => cells.map((cell) => (/["\t\n]/.test(cell) ? '"' + cell.replace(/"/g, '""') + '"' : cell)).join("\t")).join("\n");

  // One line in a cell: the sheet has no cells of several lines.
  const oneLine = (cell) => cell.replace(/\s*\n\s*/g, " ").replace(/\u00a0/g, " ").trim();

  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "").replace(/[*★☆※:;,.。、]+|\(必填\)|\[必填\]|必填/g, "");
  const bare = (text) => fold(text).replace(/[([【〔〈].*?[)\]】〕〉]/g, "");

  // The columns that a first row names, as {keys: [key or ""], unknown: [header]}; null where it is no header.
  function headerOf(cells, columns) {
    const known = new Map(columns.flatMap((column) => [column.header, ...column.aliases].map((name) => [fold(name), column.key])));
    const keys = cells.map((cell) => known.get(fold(cell)) || known.get(bare(cell)) || "");
    const named = new Set(keys.filter(Boolean));
    if (named.size < LEAST_HEADERS || named.size < keys.filter(Boolean).length) return null;
    const unknown = cells.filter((cell, at) => !keys[at] && cell.trim() && fold(cell) !== "序号");
    return unknown.length > named.size ? null : { keys, unknown };
  }

  function read(text, columns) {
    const rows = parse(text).map((cells) => cells.map(oneLine));
    const header = rows.length > 1 ? headerOf(rows[0], columns) : null;
    const body = (header ? rows.slice(1) : rows).filter((cells, at, all) => all.length === 1 || cells.some(Boolean));
    return { header, rows: body };
  }

  grid.clipboard = { read, write, parse };
})();
