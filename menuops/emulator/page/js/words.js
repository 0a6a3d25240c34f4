// The page's words, in the language that was chosen. A key that one language lacks is a bug that
// tests/emulator/test_page_words.py finds.

import { EN } from "./words_en.js";
import { ZH } from "./words_zh.js";

export const LANGUAGES = { en: EN, zh: ZH };
const KEPT_AS = "menuops-emulator-language";
const listeners = [];
let language = "en";

/** Give a text; `{name}` in it is replaced by the value of that name. */
export function t(key, values = {}) {
  const text = LANGUAGES[language][key] ?? EN[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Tell whether there is a text for a key. */
export function hasWord(key) {
  return key in EN;
}

/** Give a text that says a number: `key` with "One" behind it for one, where the language has that. */
export function count(key, number) {
  return t(number === 1 && `${key}One` in LANGUAGES[language] ? `${key}One` : key, { n: number });
}

export function currentLanguage() {
  return language;
}

/** Choose the language that was chosen before, else the browser's. */
export function startLanguage() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT_AS);
  } catch {
    // A browser that keeps nothing; the choice holds until the page is left.
  }
  use(kept in LANGUAGES ? kept : /^zh\b/i.test(navigator.language) ? "zh" : "en");
}

export function chooseLanguage(chosen) {
  try {
    localStorage.setItem(KEPT_AS, chosen);
  } catch {
    // As above.
  }
  use(chosen);
  listeners.forEach((listener) => listener());
}

export function onLanguage(listener) {
  listeners.push(listener);
}

function use(chosen) {
  language = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  document.title = t("pageTitle");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
}
