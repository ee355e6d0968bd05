// What a chart's data come to as options of ECharts. Knows no page: data and colours in, options out.
(function () {
  "use strict";
  const charts = window.portalCharts;
  const OF_VALUE = { value: true, gap: true };
  const last = (values) => values.reduce((found, value, at) => (value === null ? found : at), -1);

  // Series that stand in the table only are not drawn.
  charts.shown = (spec) => spec.series.filter((one) => one.role !== "table");

  const unitOf = (spec) => (spec.unit === "%" ? "%" : "");

  // The number at a bar with what the table says beside it: 620  37.8%.
  function wordsOf(one, spec, at) {
    const beside = spec.kind === "rows" ? spec.series.filter((other) => other.role === "table" && other.values[at] !== null) : [];
    return [one.texts[at] + unitOf(spec), ...beside.map((other) => other.texts[at] + unitOf(other))].join("  ");
  }

  // What the tooltip says of a series: the words of the table, whatever is drawn.
  function told(one, spec) {
    return { valueFormatter: (_value, at) => (one.values[at] === null ? one.texts[at] : wordsOf(one, spec, at)) };
  }

  function tooltip(spec, look, touch) {
    const text = { color: look.ink, fontSize: look.size * 0.9 };
    return {
      trigger: spec.kind === "pie" ? "item" : "axis",
      triggerOn: touch ? "click" : "mousemove|click",
      renderMode: "richText",
      confine: true,
      axisPointer: { type: spec.kind === "line" ? "line" : "shadow", lineStyle: { color: look.axis, type: "solid" }, shadowStyle: { color: look.axis, opacity: 0.12 } },
      backgroundColor: look.paper,
      borderColor: look.axis,
      borderWidth: 1,
      padding: [8, 12],
      transitionDuration: 0,
      order: "seriesAsc",
      textStyle: text,
    };
  }

  function axes(spec, look, width) {
    const label = { color: look.quiet, fontFamily: look.font, fontSize: look.size * 0.8 };
    const lying = spec.kind === "rows";
    const category = {
      type: "category",
      data: spec.categories,
      boundaryGap: spec.kind !== "line",
      inverse: lying,
      axisLine: { lineStyle: { color: look.axis } },
      axisTick: { show: false },
      axisLabel: lying
        ? { ...label, color: look.ink, width: Math.min(170, width * 0.4), overflow: "break" }
        : { ...label, hideOverlap: true, interval: spec.categories.length > 12 || spec.kind === "line" ? "auto" : 0 },
    };
    const value = {
      type: "value",
      scale: spec.kind === "line" && spec.low === null,
      min: spec.low === null ? undefined : spec.low,
      max: spec.high === null ? undefined : spec.high,
      splitNumber: lying || width < 420 ? 3 : 4,
      interval: spec.high === 100 ? (spec.low > 50 ? 10 : 20) : undefined,
      minInterval: spec.decimals ? undefined : 1,
      axisLine: { show: false },
      axisLabel: { ...label, show: !lying, formatter: (number) => number.toLocaleString("en") + unitOf(spec) },
      splitLine: { show: !lying, lineStyle: { color: look.line } },
    };
    return lying ? { xAxis: value, yAxis: category } : { xAxis: category, yAxis: value };
  }

  // The number at the end of a line says more than the axis; at the end of a bar it stands for it.
  function endLabel(one, spec, look, colour) {
    return {
      show: true,
      formatter: () => { const at = last(one.values); return at < 0 ? "" : one.texts[at] + unitOf(spec); },
      color: colour,
      fontFamily: look.font,
      fontSize: look.size * 0.85,
      fontWeight: one.role === "value" ? 600 : 400,
    };
  }

  const DASHES = { target: [6, 4], path: [2, 4], compare: "solid" };

  function line(one, number, spec, look) {
    const colour = one.role === "value" ? look[String(number)] : look[one.role];
    const few = one.values.filter((value) => value !== null).length < 3;
    return {
      type: "line",
      id: one.name,
      name: one.name,
      data: one.values,
      z: one.role === "value" ? 4 : 3,
      // A target holds until it changes; beside a hatched gap it is drawn as straight as the gap.
      step: one.role === "target" && !spec.series.some((other) => other.role === "gap") ? "end" : false,
      symbol: "circle",
      symbolSize: few ? 7 : 5,
      showSymbol: one.role === "value" && (few || spec.categories.length <= 13),
      connectNulls: one.role === "path",
      color: colour,
      tooltip: told(one, spec),
      lineStyle: { color: colour, width: one.role === "value" ? 2.5 : 1.75, type: DASHES[one.role] || "solid" },
      endLabel: spec.kind === "line" ? endLabel(one, spec, look, colour) : undefined,
      emphasis: { disabled: true },
    };
  }

  // A gap of a line is a hatched band from the line up to what is asked for: an unseen floor and the band stacked on it.
  function band(one, spec, look) {
    const floor = spec.series.find((other) => other.role === "value").values;
    const quiet = { type: "line", stack: "gap", silent: true, symbol: "none", lineStyle: { opacity: 0 }, tooltip: { show: false }, emphasis: { disabled: true } };
    const short = (at) => one.values[at] !== null && one.values[at] > 0 && floor[at] !== null;
    return [
      { ...quiet, data: floor, areaStyle: { opacity: 0 }, z: 1 },
      {
        ...quiet,
        name: one.name,
        color: look.gap,
        tooltip: told(one, spec),
        z: 2,
        data: one.values.map((value, at) => (short(at) ? value : value === null || floor[at] === null ? null : 0)),
        itemStyle: { decal: charts.hatch(look.gap, 6) },
        areaStyle: { color: look["gap-soft"], opacity: 1 },
      },
    ];
  }

  function bar(one, number, spec, look) {
    const gap = one.role === "gap";
    const colour = gap ? look["gap-soft"] : one.role === "compare" ? look.compare : look[String(number)];
    const together = spec.kind === "stacked" || spec.series.some((other) => other.role === "gap");
    const labelled = spec.kind !== "stacked" && !gap && spec.categories.length <= 16;
    return {
      type: "bar",
      name: one.name,
      data: gap ? one.values.map((value) => (value > 0 ? value : null)) : one.values,
      stack: together && OF_VALUE[one.role] ? "whole" : undefined,
      barMaxWidth: spec.kind === "rows" ? 16 : 36,
      barGap: "15%",
      color: colour,
      tooltip: told(one, spec),
      itemStyle: { color: colour, borderColor: gap ? look.gap : undefined, borderWidth: gap ? 1 : 0, decal: gap ? charts.hatch(look.gap) : spec.kind === "stacked" ? charts.pattern(number - 1, look.paper) : undefined },
      label: {
        show: labelled && !together,
        position: spec.kind === "rows" ? "right" : "top",
        formatter: (point) => wordsOf(one, spec, point.dataIndex),
        color: look.ink,
        fontFamily: look.font,
        fontSize: look.size * 0.85,
      },
      emphasis: { disabled: true },
    };
  }

  function pie(spec, look) {
    const one = spec.series[0];
    return {
      type: "pie",
      tooltip: told(one, spec),
      radius: ["48%", "76%"],
      itemStyle: { borderColor: look.paper, borderWidth: 2 },
      label: { color: look.ink, fontFamily: look.font, fontSize: look.size * 0.85, formatter: (point) => `${point.name}\n${one.texts[point.dataIndex]}${unitOf(spec)}` },
      labelLine: { lineStyle: { color: look.axis } },
      data: spec.categories.map((name, at) => ({ name, value: one.values[at], itemStyle: { color: look[String((at % 6) + 1)], decal: charts.pattern(at, look.paper) } })),
      emphasis: { disabled: true },
    };
  }

  function series(spec, look) {
    if (spec.kind === "pie") return [pie(spec, look)];
    const drawn = [];
    let number = 0;
    charts.shown(spec).forEach((one) => {
      if (one.role === "value") number = (number % 6) + 1;
      if (one.role === "gap" && spec.kind === "line") drawn.push(...band(one, spec, look));
      else if (spec.kind === "line" || one.role === "target" || one.role === "path") drawn.push(line(one, number, spec, look));
      else drawn.push(bar(one, number, spec, look));
    });
    return drawn;
  }

  // Room at the right for the numbers at the ends of lines and bars.
  function room(spec, look) {
    if (spec.kind === "pie" || spec.kind === "columns" || spec.kind === "stacked") return 8;
    const ends = spec.kind === "rows" ? charts.shown(spec).flatMap((one) => one.texts.map((_text, at) => wordsOf(one, spec, at))) : charts.shown(spec).map((one) => one.texts[last(one.values)] || "");
    const longest = Math.max(0, ...ends.map((text) => Array.from(text).reduce((sum, sign) => sum + (sign > "\u00ff" ? 1 : 0.6), 0)));
    return Math.ceil((longest + (unitOf(spec) ? 1 : 0)) * look.size * 0.85) + 14;
  }

  // The numbers at the ends of lines part where they would lie on each other; a line that ends early has its number above.
  charts.place = function (board, spec, look) {
    if (spec.kind !== "line") return;
    const apart = look.size * 1.05;
    const ends = charts.shown(spec)
      .filter((one) => one.role !== "gap" && last(one.values) >= 0)
      .map((one) => ({ one, early: last(one.values) < spec.categories.length - 1, y: board.convertToPixel({ yAxisIndex: 0 }, one.values[last(one.values)]) }))
      .sort((a, b) => a.y - b.y);
    let above = -Infinity;
    const moved = ends.map(({ one, early, y }) => {
      if (early) return { id: one.name, endLabel: { offset: [-look.size * 1.4, -look.size] } };
      const at = Math.max(y, above + apart);
      above = at;
      return { id: one.name, endLabel: { offset: [0, at - y] } };
    });
    board.setOption({ series: moved });
  };

  charts.options = function (spec, look, { width, moves = false, touch = false }) {
    return {
      animation: moves,
      animationDuration: 300,
      textStyle: { fontFamily: look.font },
      aria: { enabled: false, decal: { show: false } },
      grid: { left: 4, right: room(spec, look), top: 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: tooltip(spec, look, touch),
      series: series(spec, look),
      ...(spec.kind === "pie" ? {} : axes(spec, look, width)),
    };
  };
})();
