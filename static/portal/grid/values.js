// What a cell's text means: ID number, telephone, date, grade. The same readings as portal/core/lib/{identity,dates}.py,
// so that the page says at once what the server would say later. Answers {value} or {error: code}, {warning: code} beside.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});

  const INVISIBLE = /[\s\u0000-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]+/g;
  const NOTHING = new Set(["-", "--", "—", "——", "/", "\\", "无"]);
  const DASHES = new Set(["-", "--", "—", "——", "/", "\\"]);
  const OPEN_END = new Set(["至今", "现在", "目前", "长期", "无固定期限", "无期限", "不限", ...NOTHING]);

  const clean = (text) => text.normalize("NFC")
    .replace(/[０-９Ａ-Ｚａ-ｚ]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "")
    .replace(/\s+/g, " ").trim();
  const digits = (text) => text.normalize("NFKC").replace(INVISIBLE, "").replace(/^'+/, "").toUpperCase();

  // Citizen ID number, GB 11643-1999 -------------------------------------------------------------------------------
  const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

  function idShape(text) {
    if (!text) return "";
    if (/^[+-]?[0-9]+(\.[0-9]*)?E[+-]?[0-9]+$/.test(text)) return "id_destroyed";
    if (text.split("*").length > 2) return "id_masked";
    if (!/^[0-9]*X?$/.test(text)) return "id_characters";
    return /^[0-9]{15}$/.test(text) ? "id_fifteen_digits" : "id_length";
  }

  function readId(typed) {
    const text = digits(typed);
    if (!/^[0-9]{17}[0-9X]$/.test(text)) return { error: idShape(text) };
    const birth = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)];
    if (!isDay(...birth.map(Number)) || Number(birth[0]) < 1900) return { error: "id_birth_date" };
    const doubtful = text.endsWith("000");
    const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(text[at]), 0);
    if (text[17] !== "10X98765432"[sum % 11]) return { error: doubtful ? "id_destroyed" : "id_check_digit" };
    const sex = Number(text[16]) % 2 ? "男" : "女";
    return { value: text, birth: birth.join("-"), sex, warning: doubtful ? "id_doubtful" : "" };
  }

  // Telephone of mainland China ------------------------------------------------------------------------------------
  function readPhone(typed) {
    const text = digits(typed).replace(/[-.()\u2010-\u2015\u2212]+/g, "");
    if (!text || NOTHING.has(typed.trim())) return { value: "" };
    if (text.includes("*")) return { error: "phone_masked" };
    if (!/^\+?[0-9]+$/.test(text)) return { error: "phone_characters" };
    if (/^(\+?(00)?86)?1[3-9][0-9]{9}$/.test(text)) return { value: text };
    const landline = /^(\+?(00)?86)?0?(10|2[0-9]|[3-9][0-9]{2})([2-8][0-9]{6,7})$/.test(text);
    return landline && /^(\+|0)/.test(text) ? { value: text } : { error: "phone_length" };
  }

  // Dates ----------------------------------------------------------------------------------------------------------
  const TIME = "(?:[T ]?\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?)?";
  const DAY = new RegExp("^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})" + TIME + "$");
  const DAY_CHINESE = new RegExp("^(\\d{4})年(\\d{1,2})月(\\d{1,2})[日号]?" + TIME + "$");

  function isDay(year, month, day) {
    const found = new Date(Date.UTC(year, month - 1, day));
    return found.getUTCFullYear() === year && found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
  }

  const iso = (year, month, day) => [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");

  function dayOf(year, month, day, lastDay) {
    if (year < 1900 || year > 2100) return { error: "date_out_of_range" };
    if (day === null && month >= 1 && month <= 12) {
      const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
      return { value: iso(year, month, lastDay ? last : 1), warning: "month_only" };
    }
    if (isDay(year, month, day)) return { value: iso(year, month, day) };
    return { error: month > 12 && month <= 31 && day >= 1 && day <= 12 ? "date_swapped" : "date_no_such_day" };
  }

  function serialDay(serial) {
    if (serial === 60) return { error: "date_no_such_day" };
    const found = new Date(Date.UTC(1899, 11, serial > 60 ? 30 : 31) + serial * 86400000);
    const read = dayOf(found.getUTCFullYear(), found.getUTCMonth() + 1, found.getUTCDate(), false);
    return read.error ? read : { ...read, warning: "day_count" };
  }

  function readDate(typed, lastDay) {
    if (NOTHING.has(typed.trim()) || (lastDay && OPEN_END.has(typed.trim()))) return { value: "" };
    const text = typed.normalize("NFKC").replace(/[‐‑‒–—―−]/g, "-").replace(/。/g, ".").replace(/[\ufeff\u200b']/g, "").trim()
      .replace(/\s*([-/.年月日号:])\s*/g, "$1");
    if (!text) return { value: "" };
    let found;
    if ((found = DAY.exec(text))) return dayOf(+found[1], +found[3], +found[4], lastDay);
    if ((found = DAY_CHINESE.exec(text))) return dayOf(+found[1], +found[2], +found[3], lastDay);
    if ((found = /^(\d{4})(\d{2})(\d{2})?$/.exec(text))) return dayOf(+found[1], +found[2], found[3] ? +found[3] : null, lastDay);
    if ((found = /^(\d{4})(?:([-/.])|年)(\d{1,2})月?$/.exec(text))) {
      if (found[2] === "." && found[3] === "1" && !text.includes("月")) return { error: "date_ambiguous_month" };
      return dayOf(+found[1], +found[3], null, lastDay);
    }
    if (/^\d{5}(\.\d+)?$/.test(text)) return serialDay(Math.floor(Number(text)));
    if (/^\d{4}年?$/.test(text)) return { error: "date_year_only" };
    if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}$/.test(text)) return { error: "date_year_last" };
    return { error: /^\d{2}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?|月)?$/.test(text) ? "date_two_digit_year" : "date_unreadable" };
  }

  function readGrade(typed) {
    const text = clean(typed).replace(/[级档]$/, "").trim();
    if (!text || NOTHING.has(text)) return { value: "" };
    if (!/^[0-9]+$/.test(text)) return { error: "grade_number" };
    return Number(text) >= 1 && Number(text) <= 18 ? { value: text } : { error: "grade_range" };
  }

  grid.values = { clean, readId, readPhone, readDate, readGrade, isNothing: (text) => NOTHING.has(text), isDash: (text) => DASHES.has(text) };
})();
