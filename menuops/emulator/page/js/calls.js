// The list of calls, newest first.

import { el, select } from "./dom.js";
import { clockTime } from "./clock.js";
import { laidOut } from "./jsontext.js";
import { safe } from "./names.js";
import { arrive } from "./said.js";
import { currentLanguage, count, t } from "./words.js";

const KEPT = 1000;
const SHOWN = 200;
const FLUSH_MS = 100;

/** Tell whether a call failed, for its client. */
export function failed(call) {
  return call.status !== 200 || Boolean(call.errcode);
}

export class Calls {
  #calls = []; // oldest first
  #coming = [];
  #flushing = 0;
  #opened = new Set();
  #rows = new Map();
  #account = "";
  #onlyFailed = false;
  #appids = [];
  #list = el("ol", { class: "calls", reversed: true });
  #count = el("p", { class: "hint" });
  #empty = el("div", { class: "empty" });
  #bar = el("div", { class: "filters" });
  last = 0;

  constructor(root) {
    root.append(this.#bar, this.#count, this.#empty, this.#list);
    this.render();
  }

  /** Take a call; drawn together with others that come at the same time. */
  add(call) {
    if (call.n <= this.last) return;
    this.last = call.n;
    this.#coming.push(call);
    this.#flushing ||= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** Take calls that came before the page was there: no news. */
  load(calls) {
    this.#calls = [...this.#calls, ...calls.filter((call) => call.n > this.last)].slice(-KEPT);
    this.last = Math.max(this.last, ...calls.map((call) => call.n));
    this.#draw();
  }

  /** Forget all: another emulator, which counts from 1, answers now. */
  reset() {
    this.last = 0;
    this.#coming = [];
    this.#clear();
  }

  setAccounts(appids) {
    if (appids.join() === this.#appids.join()) return;
    this.#appids = appids;
    this.#drawBar();
    this.#draw();
  }

  render() {
    // Asked of the rows: the event that tells it comes later.
    for (const [n, row] of this.#rows) if (row.firstChild.open) this.#opened.add(n);
    this.#rows.clear();
    this.#list.replaceChildren();
    this.#drawBar();
    this.#draw();
  }

  #clear() {
    this.#calls = [];
    this.#opened.clear();
    this.#draw();
  }

  #flush() {
    this.#flushing = 0;
    const fresh = this.#coming;
    this.#coming = [];
    this.#calls = [...this.#calls, ...fresh].slice(-KEPT);
    this.#draw(new Set(fresh.map((call) => call.n)));
    const [first] = fresh;
    if (fresh.length === 1) arrive(t("arrived", { call: `${first.method} ${safe(first.path)}`, result: result(first) }));
    else if (fresh.length) arrive(t("arrivedMany", { n: fresh.length, failed: fresh.filter(failed).length }));
  }

  #drawBar() {
    const options = [["", t("allAccounts")], ...this.#appids.map((appid) => [appid, safe(appid)])];
    const which = select({ "aria-label": t("account"), onchange: () => { this.#account = which.value; this.#draw(); } }, options, this.#account);
    this.#account = which.value;
    const only = el("input", { type: "checkbox", onchange: () => { this.#onlyFailed = only.checked; this.#draw(); } });
    only.checked = this.#onlyFailed;
    const clear = el("button", { type: "button", onclick: () => this.#clear() }, t("clearCalls"));
    this.#bar.replaceChildren(...[this.#appids.length > 1 && which, el("label", { class: "check" }, only, t("onlyRefused")), clear].filter(Boolean));
  }

  #draw(fresh = new Set()) {
    const fits = this.#calls.filter((call) => (!this.#account || call.appid === this.#account) && (!this.#onlyFailed || failed(call)));
    const shown = fits.slice(-SHOWN).reverse();
    const numbers = new Set(shown.map((call) => call.n));
    for (const [n, row] of this.#rows) {
      if (numbers.has(n)) continue;
      row.remove();
      this.#rows.delete(n);
    }
    // Rows that stay aren't touched: one may be open, or have the keyboard.
    let after = null;
    for (const call of shown) {
      let row = this.#rows.get(call.n);
      if (!row) {
        row = this.#row(call, fresh.has(call.n));
        this.#rows.set(call.n, row);
      }
      const place = after ? after.nextSibling : this.#list.firstChild;
      if (row !== place) this.#list.insertBefore(row, place);
      after = row;
    }
    this.#list.hidden = shown.length === 0;
    this.#count.textContent = fits.length > shown.length ? t("callsBounded", { shown: shown.length, n: fits.length }) : shown.length ? count("callsShown", shown.length) : "";
    this.#empty.replaceChildren(...(shown.length ? [] : this.#calls.length ? [t("noCallsShown")] : [t("noCalls"), " ", el("code", {}, location.origin)]));
  }

  #row(call, fresh) {
    const bad = failed(call);
    const path = call.path.replace(/^\/cgi-bin\//, "");
    const summary = el("summary", {},
      el("time", {}, clockTime(call.at_s)),
      el("span", { class: "method" }, call.method),
      el("span", { class: "path" }, safe(path)),
      el("span", { class: bad ? "badge bad" : "badge good" }, result(call)),
      call.fault && el("span", { class: "badge fault" }, t("faultOn", { fault: call.fault })),
      this.#appids.length > 1 && call.appid && el("span", { class: "of" }, safe(call.appid)));
    const details = el("details", {}, summary);
    const fill = () => {
      if (details.childElementCount === 1) details.append(this.#exchange(call));
      if (details.open) this.#opened.add(call.n);
      else this.#opened.delete(call.n);
    };
    // Filled when it is opened: most never are.
    details.addEventListener("toggle", fill);
    if (this.#opened.has(call.n)) { details.open = true; fill(); }
    return el("li", { class: fresh ? "call fresh" : "call", lang: currentLanguage() === "zh" ? "zh-CN" : "en" }, details);
  }

  #exchange(call) {
    const query = new URLSearchParams(call.query ?? {}).toString().replaceAll("%2A", "*");
    const line = `${call.method} ${safe(call.path)}${query ? `?${query}` : ""}`;
    const status = call.status == null ? t("cutOff") : t("status", { status: call.status });
    return el("div", { class: "exchange" },
      el("h3", {}, t("request")), block(t("request"), call.body ? `${line}\n\n${laidOut(call.body)}` : line),
      el("h3", {}, t("answer"), " ", el("small", {}, `${status} · ${t("tookMs", { ms: Math.round(call.took_ms * 10) / 10 })}`)),
      call.answer ? block(t("answer"), laidOut(call.answer)) : el("p", { class: "hint" }, t("nothing")));
  }
}

// A block that scrolls has to be reachable by the keyboard, and so it needs a name.
function block(label, text) {
  return el("pre", { tabindex: 0, role: "group", "aria-label": label }, text.split("\n").map(safe).join("\n"));
}

function result(call) {
  if (call.status == null) return t("cutOff");
  if (call.status !== 200) return t("status", { status: call.status });
  return call.errcode ? String(call.errcode) : t("ok");
}
