// Runs before the first paint so that a chosen theme or text size never flashes.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  try {
    ["theme", "size"].forEach(function (name) {
      var value = localStorage.getItem("portal." + name);
      if (value) root.setAttribute("data-" + name, value);
    });
  } catch (error) {
    // Storage may be switched off; the system's own settings then apply.
  }
})();
