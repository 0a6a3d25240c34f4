// What is said to everybody: notices that can be seen, and arrivals for screen readers.

import { el } from "./dom.js";
import { t } from "./words.js";

const GAP_MS = 1500;
const NOTICE_MS = 6000;
let waiting = [];
let timer = 0;
let noticeTimer = 0;

/** Say an arrival to screen readers; those that come close together are said as one. */
export function arrive(text) {
  waiting.push(text);
  if (timer) return;
  say();
  timer = setTimeout(() => {
    timer = 0;
    if (waiting.length) arrive(waiting.pop());
  }, GAP_MS);
}

function say() {
  document.getElementById("arrivals").textContent = waiting.at(-1);
  waiting = [];
}

/** Say that something was done, or why it wasn't (an Error, which stays until it is dismissed). */
export function notify(what) {
  const failed = what instanceof Error;
  const box = document.getElementById("notice");
  clearTimeout(noticeTimer);
  const close = () => box.replaceChildren();
  const text = el("p", { role: failed && "alert" }, failed ? what.message : what);
  box.replaceChildren(el("div", { class: failed ? "notice-box failed" : "notice-box" }, text, el("button", { type: "button", onclick: close, "aria-label": t("dismiss") }, "×")));
  if (failed) return;
  arrive(what);
  noticeTimer = setTimeout(close, NOTICE_MS);
}

/** Do something through the emulator's interface, and say how it went. */
export async function attempt(work, done) {
  try {
    const result = await work();
    if (done) notify(done);
    return result ?? true;
  } catch (error) {
    notify(error instanceof Error ? error : new Error(String(error)));
    return null;
  }
}
