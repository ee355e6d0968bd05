// The instant check of one row: everything that can be known without the server, in the server's own sentences.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});
  const { clean, readId, readPhone, readDate, readGrade, isNothing, isDash } = grid.values;

  const fill = (text, names) => text.replace(/%\((\w+)\)s/g, (whole, name) => (name in names ? names[name] : whole));
  grid.fill = fill;

  grid.Checks = class {
    constructor(settings) {
      this.settings = settings;
      this.columns = new Map(settings.columns.map((column) => [column.key, column]));
    }

    // Faults of a row as {key, level: error | warning | note, message}; `row` is one of the model's.
    of(row) {
      const found = [];
      const read = {};
      const say = (level, code, key, names) => {
        const column = this.columns.get(key).header;
        found.push({ key, level, message: fill(this.settings.sentences[code], { column, ...names }) });
      };
      const error = (code, key, names) => say("error", code, key, names);
      for (const column of this.settings.columns) {
        const typed = row[column.key] || "";
        if (row.meta.base && this.settings.fixed.includes(column.key)) continue;
        if (row.meta.person && column.key === "id_number") continue;
        const answer = this.settled(column, this.cell(column, typed, row), typed, read.id_number);
        if (answer.error) error(answer.error, column.key, { choices: column.choices.join("、") });
        else if (column.required && !answer.value) error("required", column.key);
        if (answer.warning) say("warning", answer.warning, column.key, { read: answer.value });
        if (answer.note) found.push({ key: column.key, level: "note", message: answer.note });
        read[column.key] = answer.error ? undefined : answer;
      }
      this.together(row, read, error);
      return found;
    }

    // The value of one cell: {value}, or {error} with the code of what is wrong.
    cell(column, typed, row) {
      const base = row.meta.base ? row.meta.base[column.key] || "" : "";
      if (row.meta.base && typed === base) return { value: typed };
      if (!typed.trim()) return { value: "", note: base && this.settings.kept.includes(column.key) ? this.settings.texts.kept : "" };
      if (column.key === "id_number") return readId(typed);
      if (column.key === "phone") return readPhone(typed);
      if (column.key === "grade") return readGrade(typed);
      if (column.kind === "date") return readDate(typed, column.lastDay);
      const text = clean(typed);
      if (column.key === "code" && !/^[0-9]{1,12}$/.test(text.replace(/ /g, ""))) return { error: "community_code" };
      if (column.choices.length) {
        if (column.words.includes(text)) return { value: text };
        return column.required || !isNothing(text) ? { error: "choice" } : { value: "" };
      }
      return { value: isDash(text) && !column.required ? "" : text };
    }

    // The month of birth alone is enough beside an ID number that tells the day; 1980.1 is January or October then.
    settled(column, answer, typed, id) {
      if (column.key !== "birth_date" || !id || !id.birth) return answer;
      const [year, month] = id.birth.split("-");
      const either = answer.error === "date_ambiguous_month" && ["01", "10"].includes(month) && clean(typed) === `${year}.1`;
      if (either) return { value: id.birth };
      return answer.warning === "month_only" && answer.value.startsWith(`${year}-${month}`) ? { value: id.birth } : answer;
    }

    // What cells say together.
    together(row, read, error) {
      const value = (key) => (read[key] ? read[key].value : "");
      const known = (key) => key in read && read[key] === undefined;
      if (!row.meta.base && !value("code") && !value("community") && !known("code")) error("community_missing", "community");
      const id = read.id_number;
      if (id && id.birth) {
        if (value("sex") && value("sex")[0] !== id.sex) error("sex_contradicts", "sex", { id_sex: id.sex });
        const birth = read.birth_date;
        if (value("birth_date") && birth.value !== id.birth) error("birth_contradicts", "birth_date", { id_birth: id.birth });
        if (id.birth > this.settings.today) error("date_future", "id_number", { today: this.settings.today });
      }
      [["valid_from", "valid_to"], ["hired_on", "left_on"], ["contract_from", "contract_to"], ["obtained_on", "registered_on"]]
        .filter(([start, end]) => value(start) && value(end) && value(end) < value(start))
        .forEach(([start, end]) => error("period_reversed", end, { start_column: this.columns.get(start).header, start: value(start) }));
      ["obtained_on", "registered_on"].filter((key) => value(key) > this.settings.today)
        .forEach((key) => error("date_future", key, { today: this.settings.today }));
      if (value("leaving_reason") && !value("left_on") && !known("left_on")) error("reason_without_leaving", "leaving_reason");
      this.papers(value, known, error);
    }

    papers(value, known, error) {
      const kind = value("contract_kind");
      const dated = value("contract_from") || value("contract_to");
      if (kind === "无" && dated) error("contract_dates_unused", "contract_kind");
      else if (!kind && dated && !known("contract_kind")) error("contract_kind_missing", "contract_kind");
      else if (kind && kind !== "无" && !value("contract_from") && !known("contract_from")) error("contract_incomplete", "contract_from", { kind });
      const paper = value("number") || value("obtained_on") || value("registered_on");
      if (paper && !value("level") && !known("level")) error("certificate_level_missing", "level");
    }
  };
})();
