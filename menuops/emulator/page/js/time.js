// The emulator's clock, and ways to move it.

import { dayAndTime } from "./clock.js";
import { control } from "./control.js";
import { el } from "./dom.js";
import { attempt, notify } from "./said.js";
import { t } from "./words.js";

const BEIJING_S = 8 * 3600;

export class TimePanel {
  #ahead_s = null; // of this browser's clock
  #latency_s = 0;
  #here = el("time");
  #beijing = el("time");
  #root;

  constructor(root) {
    this.#root = root;
    setInterval(() => this.#tick(), 1000);
  }

  update(state) {
    this.#ahead_s = state.now_s - Date.now() / 1000;
    if (this.#latency_s !== (state.latency_s ?? 0)) {
      this.#latency_s = state.latency_s ?? 0;
      this.render();
    }
    this.#tick();
  }

  render() {
    const move = (word, value) => el("button", { type: "button", onclick: () => this.#move(value) }, t(word));
    this.#root.replaceChildren(
      el("dl", { class: "clock" }, el("dt", {}, t("here")), el("dd", {}, this.#here), el("dt", {}, t("beijing")), el("dd", {}, this.#beijing)),
      el("p", { class: "hint" }, t("timeHint")),
      el("div", { class: "buttons" }, move("later5m", { advance_s: 300 }), move("later2h", { advance_s: 7200 }), move("nextDay", { next_day: true })),
      this.#latency_s ? el("p", { class: "hint" }, t("latency", { s: this.#latency_s })) : "");
    this.#tick();
  }

  async #move(value) {
    const moved = await attempt(() => control.clock(value));
    if (moved && typeof moved.now_s === "number") notify(t("clockMoved", { time: dayAndTime(moved.now_s) }));
  }

  #tick() {
    if (this.#ahead_s === null) return;
    const now_s = Date.now() / 1000 + this.#ahead_s;
    this.#here.textContent = dayAndTime(now_s);
    this.#beijing.textContent = dayAndTime(now_s, BEIJING_S);
  }
}
