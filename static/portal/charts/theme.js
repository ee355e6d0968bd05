// The colours and sizes of a chart, read from the style sheet: what the page shows, or `paper` for print and saved pictures.
(function () {
  "use strict";
  const NAMES = ["ink", "quiet", "paper", "surface", "line", "axis", "target", "gap", "gap-soft", "compare", "path", "1", "2", "3", "4", "5", "6"];

  function tokens(element) {
    const style = getComputedStyle(element);
    const found = { font: style.fontFamily, size: parseFloat(style.fontSize) };
    NAMES.forEach((name) => { found[name] = style.getPropertyValue(`--plot-${name}`).trim(); });
    return found;
  }

  // A hidden element of the class `plot-paper` carries the colours of paper whatever the screen shows.
  function paper() {
    const probe = document.body.appendChild(document.createElement("span"));
    probe.className = "plot-paper";
    const found = tokens(probe);
    probe.remove();
    return found;
  }

  // Slanting lines, so that what is missing is seen without colour.
  function hatch(colour, apart) {
    return { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, apart || 4], rotation: Math.PI / 4, color: colour };
  }

  // Parts of a whole differ by pattern as well as by colour.
  function pattern(number, colour) {
    const shapes = [
      null,
      { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 5], rotation: -Math.PI / 4 },
      { symbol: "circle", dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [6, 0], symbolSize: 0.6 },
      { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 5], rotation: 0 },
      { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 5], rotation: Math.PI / 2 },
      { symbol: "triangle", dashArrayX: [[9, 9], [0, 9, 9, 0]], dashArrayY: [7, 2], symbolSize: 0.7 },
    ];
    const shape = shapes[number % shapes.length];
    return shape && { ...shape, color: colour };
  }

  window.portalCharts = { tokens, paper, hatch, pattern };
})();
