// Puts the charts of a page in place, also those that htmx brings; follows size, theme and text size; saves and prints them.
(function () {
  "use strict";
  const charts = window.portalCharts;
  const boards = new Map();
  const all = (selector, base) => Array.from((base || document).querySelectorAll(selector));
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const touch = window.matchMedia("(hover: none)");
  const A4 = 680;

  // Rows need a height each; everything else is as high as its box.
  charts.height = function (spec, width, small, box) {
    if (spec.kind === "rows") return 28 + spec.categories.length * (spec.series.filter((one) => one.role === "value" || one.role === "compare").length > 1 ? 44 : 30);
    const room = box ? box.clientHeight : 0;
    return room || (small ? 180 : width < 480 ? 240 : 300);
  };

  const specs = new WeakMap();
  function specOf(figure) {
    if (!specs.has(figure)) specs.set(figure, JSON.parse(figure.dataset.chart));
    return specs.get(figure);
  }

  function draw(figure, moves) {
    const box = figure.querySelector(".plot-canvas");
    const width = box.clientWidth;
    if (!width) return;
    const spec = specOf(figure), height = charts.height(spec, width, figure.matches(".plot-small"), box);
    let board = boards.get(figure);
    if (!board) {
      box.textContent = "";
      board = echarts.init(box, null, { renderer: "canvas", width, height });
      boards.set(figure, board);
      board.on("finished", () => { figure.dataset.drawn = "1"; });
    }
    board.resize({ width, height });
    const look = charts.tokens(box);
    board.setOption(charts.options(spec, look, { width, moves: moves && !still.matches, touch: touch.matches }), true);
    charts.place(board, spec, look);
  }

  // The picture that stands in for the canvas on paper is made ahead: a browser does not wait for pictures when it prints.
  function forPaper(figure) {
    let image = figure.querySelector(".plot-print");
    if (!image) {
      image = document.createElement("img");
      image.className = "plot-print";
      image.alt = figure.querySelector(".plot-canvas").getAttribute("aria-label");
      figure.querySelector(".plot-canvas").after(image);
    }
    const small = figure.matches(".plot-small"), spec = specOf(figure), page = document.querySelector("main");
    const part = small ? A4 / 3 : figure.clientWidth < page.clientWidth * 0.6 ? A4 / 2 : A4;
    image.src = charts.drawn(spec, part, charts.height(spec, part, small)).toDataURL("image/png");
  }

  const idle = window.requestIdleCallback ? (work) => window.requestIdleCallback(work, { timeout: 2000 }) : (work) => window.setTimeout(work, 300);

  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    const figure = target.closest("[data-chart]"), board = boards.get(figure);
    if (!board) draw(figure, true);
    else if (target.clientWidth && (board.getWidth() !== target.clientWidth || board.getHeight() !== charts.height(specOf(figure), target.clientWidth, figure.matches(".plot-small"), target))) draw(figure);
  }));

  function mount(base) {
    const found = all("[data-chart]", base);
    if (base && base.matches && base.matches("[data-chart]")) found.push(base);
    found.filter((figure) => !figure.dataset.mounted).forEach((figure) => {
      figure.dataset.mounted = "1";
      draw(figure, true);
      sizes.observe(figure.querySelector(".plot-canvas"));
      idle(() => { if (figure.isConnected) forPaper(figure); });
    });
  }

  function forget(base) {
    [...boards.keys()].filter((figure) => base.contains(figure)).forEach((figure) => {
      sizes.unobserve(figure.querySelector(".plot-canvas"));
      boards.get(figure).dispose();
      boards.delete(figure);
    });
  }

  const again = () => [...boards.keys()].forEach((figure) => draw(figure));
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-size"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  if (document.fonts && document.fonts.ready) document.fonts.ready.then(again);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-chart-save]");
    if (button) charts.save(specOf(button.closest("[data-chart]")));
  });
  document.addEventListener("htmx:afterSwap", (event) => mount(event.detail.elt && event.detail.elt.isConnected ? event.detail.elt.parentElement || document : document));
  document.addEventListener("htmx:beforeCleanupElement", (event) => { if (event.target.querySelector) forget(event.target); });
  window.addEventListener("beforeprint", () => [...boards.keys()].filter((figure) => !figure.querySelector(".plot-print")).forEach(forPaper));

  mount(document);
})();
