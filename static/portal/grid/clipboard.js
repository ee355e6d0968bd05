// Between the grid and a spreadsheet: the tab-separated text of Excel and WPS, and the headers it may begin with.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});
  const LEAST_HEADERS = 3;
  const HEAD_ROWS = 10;
  const LONGEST_HEADER = 60;
  const IGNORED = "-";

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

  // What a header is known by; an office's word on its own headers is kept under the key.
  const key = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  const fold = (text) => key(text).replace(/[*★☆※:;,.。、]+|\(必填\)|\[必填\]|必填/g, "");
  const bare = (text) => fold(text).replace(/[([【〔〈].*?[)\]】〕〉]/g, "");

  // Tells the column that a header names: its key, IGNORED for one that is not read, "" for none.
  function reader(columns, mapping) {
    const known = new Map(columns.flatMap((column) => [column.header, ...column.aliases].map((name) => [fold(name), column.key])));
    const said = new Map(Object.entries(mapping));
    return (text) => {
      if (fold(text) === "序号") return IGNORED;
      const name = key(text).slice(0, LONGEST_HEADER);
      return known.get(fold(text)) || known.get(bare(text)) || (said.has(name) ? said.get(name) || IGNORED : "");
    };
  }

  // A header over two rows: a group stands over the names that belong to it, 合同 over 起始 is 合同起始.
  function joined(upper, lower, keyOf) {
    let group = "";
    return lower.map((below, at) => {
      group = upper[at] || (below ? group : "");
      const names = [group + below, below, group].filter(Boolean);
      return names.find(keyOf) || (group === below ? below : group + below);
    });
  }

  // The header near the top, below titles, over one or two rows, as {keys: [key or ""], unknown: [header], end}: the
  // rows before `end` are no data; null where there is none.
  function headerOf(rows, columns, mapping) {
    const keyOf = reader(columns, mapping);
    const head = rows.slice(0, Math.min(HEAD_ROWS, rows.length - 1));
    const candidates = head.map((cells, at) => ({ names: cells, end: at + 1 }));
    head.slice(1).forEach((cells, at) => candidates.push({ names: joined(head[at], cells, keyOf), end: at + 2 }));
    let best = null;
    candidates.forEach(({ names, end }) => {
      const found = names.map((name) => (name ? keyOf(name) : ""));
      const keys = found.map((name) => (name === IGNORED ? "" : name));
      const named = new Set(keys.filter(Boolean));
      const unknown = names.filter((name, at) => name && !found[at]);
      const fits = named.size >= LEAST_HEADERS && named.size === keys.filter(Boolean).length && unknown.length <= named.size;
      if (fits && (!best || named.size > best.size)) best = { keys, unknown, end, size: named.size };
    });
    return best;
  }

  // A cell merged downwards counts for every row that it covers: a spreadsheet puts it on the clipboard once, and how
  // far it reaches into the same table as HTML. Rows that hold nothing of their own stay empty.
  function covered(rows, html) {
    const table = /rowspan/i.test(html) ? new DOMParser().parseFromString(html, "text/html").querySelector("table") : null;
    if (!table || table.rows.length !== rows.length) return rows;
    const above = rows.map(() => []);
    Array.from(table.rows).forEach((line, at) => {
      let across = 0;
      Array.from(line.cells).forEach((cell) => {
        while (above[at][across] !== undefined) across += 1;
        const bottom = Math.min(at + cell.rowSpan, rows.length);
        for (let down = at; down < bottom; down += 1) for (let right = 0; right < cell.colSpan; right += 1) above[down][across + right] = right ? -1 : at;
        across += cell.colSpan;
      });
    });
    return rows.map((cells, at) => (cells.some(Boolean) ? cells.map((cell, across) => cell || (rows[above[at][across]] || [])[across] || "") : cells));
  }

  // `mapping` is what the office has said of headers of its own: header -> key of the column, "" for one not to be read.
  function read(text, html, { columns, mapping }) {
    const rows = covered(parse(text).map((cells) => cells.map(oneLine)), html);
    const header = rows.length > 1 ? headerOf(rows, columns, mapping) : null;
    const holds = header ? (cells) => cells.some((cell, at) => cell && header.keys[at]) : (cells) => cells.some(Boolean);
    const body = (header ? rows.slice(header.end) : rows).filter((cells, at, all) => all.length === 1 || holds(cells));
    return { header, rows: body };
  }

  grid.clipboard = { read, write, parse };
})();
