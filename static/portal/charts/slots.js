// Parts of a page that come after it: what is said when one does not come, and the button that asks for it again.
(function () {
  "use strict";
  const slotOf = (event) => (event.detail.elt && event.detail.elt.matches && event.detail.elt.matches("[data-slots] > [hx-get]") ? event.detail.elt : null);

  function failed(slot) {
    const texts = slot.parentElement.dataset;
    const body = slot.querySelector(".panel-body, .todo") || slot;
    const note = document.createElement("div");
    note.className = "panel-body dash-wait";
    note.setAttribute("role", "alert");
    note.appendChild(document.createElement("p")).textContent = texts.failed;
    const button = note.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = texts.retry;
    button.addEventListener("click", () => htmx.trigger(slot, "retry"));
    body.replaceWith(note);
  }

  // Said in the part itself, not at the corner of the page; a log-in that ended is the page's business.
  function caught(event) {
    const slot = slotOf(event);
    if (!slot || (event.detail.xhr && event.detail.xhr.status === 401)) return;
    event.stopImmediatePropagation();
    failed(slot);
  }
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, caught, true));
})();
