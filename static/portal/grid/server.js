// What the grid asks of the server, and the draft that follows the typing. A refusal is an Error with a sentence to show.
(function () {
  "use strict";
  const grid = (window.rosterGrid = window.rosterGrid || {});
  const QUIET_MS = 2500; // a draft is saved this long after the last change
  const AGAIN_MS = 15000; // after a saving that failed for the network or the server
  const LOOK_MS = 60000;
  const MOST_KEEPALIVE = 60000; // browsers refuse longer requests while a page is being left

  class Refusal extends Error {
    constructor(message, status, body) {
      super(message);
      this.status = status;
      this.body = body || {};
    }
  }

  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

  grid.ask = async function (settings, name, { method = "GET", body, keepalive = false } = {}) {
    const { texts, urls } = settings;
    let answer;
    try {
      answer = await fetch(urls[name], {
        method, keepalive, credentials: "same-origin", redirect: "manual",
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (error) {
      throw new Refusal(texts.offline, 0);
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new Refusal(texts.expired, 401);
    const found = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    if (answer.ok) return found;
    const usual = answer.status === 403 || answer.status === 404 ? texts.refused : texts.broken;
    throw new Refusal(found.message || usual, answer.status, found);
  };

  // The draft: saved some seconds after typing stops and when the page is left; `version` guards against other windows.
  grid.Draft = class {
    constructor(settings, model, show) {
      Object.assign(this, { settings, model, show, version: 0, dirty: false, busy: null, timer: 0, stopped: false });
      model.onChange((rows, why) => { if (why === "typed") this.touch(); });
      document.addEventListener("visibilitychange", () => { if (document.hidden) this.leave(); });
      window.addEventListener("online", () => this.save());
      window.addEventListener("pagehide", () => this.leave());
      window.addEventListener("beforeunload", (event) => {
        if (!this.dirty || this.stopped) return;
        event.preventDefault();
        event.returnValue = "";
      });
      window.setInterval(() => this.look(), LOOK_MS);
    }

    touch() {
      this.dirty = true;
      this.show.draft(this.settings.texts.unsaved, "waiting");
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.save(), QUIET_MS);
    }

    // Waits for the saving under way, then saves what has been typed since.
    async save() {
      window.clearTimeout(this.timer);
      if (this.busy) await this.busy;
      if (!this.dirty || this.stopped) return;
      this.busy = this.send(false);
      await this.busy;
      this.busy = null;
    }

    async send(keepalive) {
      const { texts } = this.settings;
      const body = { version: this.version, rows: this.model.sent() };
      if (keepalive && JSON.stringify(body).length > MOST_KEEPALIVE) return;
      this.dirty = false;
      if (!keepalive) this.show.draft(texts.saving, "waiting");
      try {
        const found = await grid.ask(this.settings, "draft", { method: "POST", body, keepalive });
        this.version = found.version;
        this.show.draft(grid.fill(texts.saved, { at: found.at.slice(-5) }), "saved");
        this.show.others(found.others);
      } catch (error) {
        this.dirty = true;
        if (error.status === 409) { this.moved(error); return; }
        this.show.draft(error.message, "failed");
        if (!error.status || error.status === 401 || error.status >= 500) this.again();
      }
    }

    // What failed for a reason that passes is tried again without another keystroke.
    again() {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.save(), AGAIN_MS);
    }

    // Another window of the same user: nothing is saved over it until the user has chosen.
    moved(error) {
      this.stopped = true;
      const theirs = error.body.draft;
      this.show.draft(this.settings.texts.unsaved, "failed");
      this.show.moved(error.message, theirs, () => { this.stopped = false; this.version = theirs.version; this.save(); });
    }

    leave() {
      if (this.dirty && !this.stopped && !this.busy) this.send(true);
    }

    async look() {
      if (document.hidden) return;
      try {
        this.show.others((await grid.ask(this.settings, "draft")).others);
      } catch (error) { /* the next saving says what is wrong */ }
    }

    async drop(version) {
      await grid.ask(this.settings, "draft", { method: "DELETE", body: { version } });
    }

    // The page may be left without a warning.
    release() {
      this.stopped = true;
    }
  };
})();
