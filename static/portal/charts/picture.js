// A chart as a picture on white paper: with title, place, day and source to be saved, without them to be printed in the page.
(function () {
  "use strict";
  const charts = window.portalCharts;
  const DENSE = 2;

  // Draws the chart alone, in the colours of paper, at a given size.
  charts.drawn = function (spec, width, height) {
    const look = charts.paper();
    const board = echarts.init(document.createElement("div"), null, { renderer: "canvas", width, height, devicePixelRatio: DENSE });
    board.setOption(charts.options(spec, look, { width }));
    charts.place(board, spec, look);
    const canvas = board.renderToCanvas({ pixelRatio: DENSE, backgroundColor: look.paper });
    board.dispose();
    return canvas;
  };

  function broken(pen, text, width) {
    const lines = [];
    let rest = Array.from(text);
    while (rest.length) {
      let end = rest.length;
      while (end > 1 && pen.measureText(rest.slice(0, end).join("")).width > width) end -= 1;
      const blank = end < rest.length ? rest.slice(0, end).lastIndexOf(" ") : -1;
      if (blank > end / 2) end = blank + 1;
      lines.push(rest.slice(0, end).join("").trim());
      rest = rest.slice(end);
    }
    return lines;
  }

  function sign(pen, role, number, look, x, y, boxed) {
    pen.save();
    pen.lineWidth = 2.5;
    if (role === "gap") {
      pen.fillStyle = look["gap-soft"];
      pen.fillRect(x, y - 6, 18, 12);
      pen.strokeStyle = look.gap;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.rect(x, y - 6, 18, 12);
      pen.stroke();
      pen.clip();
      for (let at = -12; at < 24; at += 5) { pen.moveTo(x + at, y + 6); pen.lineTo(x + at + 12, y - 6); }
      pen.stroke();
    } else if (boxed && (role === "value" || role === "compare")) {
      pen.fillStyle = role === "value" ? look[String(number)] : look.compare;
      pen.fillRect(x, y - 6, 18, 12);
    } else {
      pen.strokeStyle = role === "value" ? look[String(number)] : look[role];
      pen.setLineDash(role === "target" ? [6, 4] : role === "path" ? [2, 4] : []);
      if (role === "value") pen.lineWidth = 4;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + 18, y);
      pen.stroke();
    }
    pen.restore();
  }

  // Signs and names of the series, as many lines as they need; gives the height.
  function legend(pen, spec, look, x, y, width) {
    if (charts.shown(spec).length < 2) return 0;
    let across = x, down = y, number = 0;
    pen.font = `14px ${look.font}`;
    charts.shown(spec).forEach((one) => {
      if (one.role === "value") number = (number % 6) + 1;
      const wide = 26 + pen.measureText(one.name).width;
      if (across > x && across + wide > x + width) { across = x; down += 24; }
      sign(pen, one.role, number, look, across, down - 5, spec.kind !== "line");
      pen.fillStyle = look.ink;
      pen.fillText(one.name, across + 26, down);
      across += wide + 24;
    });
    return down - y + 24;
  }

  // The whole picture: 960 wide, as high as its texts ask for.
  charts.picture = function (spec) {
    const look = charts.paper(), wide = 960, edge = 28, inner = wide - 2 * edge;
    const chart = charts.drawn(spec, inner, charts.height(spec, inner));
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    const texts = (font, text) => { pen.font = font; return text ? broken(pen, text, inner) : []; };
    const title = texts(`600 20px ${look.font}`, spec.title), about = texts(`14px ${look.font}`, spec.about);
    const foot = texts(`12px ${look.font}`, [spec.source, spec.portal].filter(Boolean).join("  ·  "));
    const probe = legend(pen, spec, look, edge, 0, inner);
    const top = edge + title.length * 28 + about.length * 22 + 10;
    const height = top + probe + chart.height / DENSE + 20 + foot.length * 18 + edge - 8;
    canvas.width = wide * DENSE;
    canvas.height = Math.ceil(height) * DENSE;
    pen.scale(DENSE, DENSE);
    pen.fillStyle = look.paper;
    pen.fillRect(0, 0, wide, height);
    let y = edge + 16;
    const write = (lines, font, colour, step) => { pen.font = font; pen.fillStyle = colour; lines.forEach((text) => { pen.fillText(text, edge, y); y += step; }); };
    write(title, `600 20px ${look.font}`, look.ink, 28);
    write(about, `14px ${look.font}`, look.quiet, 22);
    y += 8;
    y += legend(pen, spec, look, edge, y + 4, inner);
    pen.drawImage(chart, edge, y, inner, chart.height / DENSE);
    y += chart.height / DENSE + 24;
    write(foot, `12px ${look.font}`, look.quiet, 18);
    return canvas;
  };

  charts.save = function (spec) {
    return new Promise((done) => {
      charts.picture(spec).toBlob((blob) => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = spec.file.replace(/[\\/:*?"<>|\s]+/g, " ") + ".png";
        document.body.appendChild(link);
        link.click();
        link.remove();
        window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
        done();
      }, "image/png");
    });
  };
})();
