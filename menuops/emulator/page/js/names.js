// How the client shows a name: cut to columns, a Chinese character two, a Latin letter one.
// Lengths: WeChat's page of menu/create (4 and 8 Chinese characters, then "…").

export const TOP_COLUMNS = 8;
export const SUB_COLUMNS = 16;
const CUT = "…";
const JOINER = "\u200d";
const COLOURED = "\ufe0f";
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const NO_COLUMN = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u{1f3fb}-\u{1f3ff}]$/u;
const MARK = /^[\p{Mn}\p{Me}\p{Mc}]$/u;
const FLAG_LETTER = /^[\u{1f1e6}-\u{1f1ff}]$/u;
const SKIN_TONE = /^[\u{1f3fb}-\u{1f3ff}]$/u;
// East Asian Width W and F, for which JavaScript has no property.
const WIDE = new RegExp(
  "^[\\p{Emoji_Presentation}\\u1100-\\u115f\\u2329\\u232a\\u2e80-\\u303e\\u3041-\\u3247\\u3250-\\u4dbf" +
    "\\u4e00-\\ua4cf\\ua960-\\ua97c\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe10-\\ufe19\\ufe30-\\ufe6f\\uff01-\\uff60" +
    "\\uffe0-\\uffe6\\u{16fe0}-\\u{18cff}\\u{18d00}-\\u{18d08}\\u{1aff0}-\\u{1b2ff}\\u{1f200}-\\u{1f265}" +
    "\\u{20000}-\\u{3fffd}]$",
  "u",
);

/** Write a name so that nothing in it is invisible; what joins one emoji to the next stays. */
export function shownName(name) {
  const text = typeof name === "string" ? name : name == null ? "" : JSON.stringify(name);
  const chars = [...text];
  return chars.map((char, index) => (joins(chars, index) ? char : visible(char))).join("");
}

/** Show control, bidi and zero-width characters as escapes. */
export function safe(text) {
  return [...String(text)].map(visible).join("");
}

function visible(char) {
  if (!INVISIBLE.test(char)) return char;
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[char];
  if (short) return short;
  const code = char.codePointAt(0);
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

function joins(chars, index) {
  if (chars[index] !== JOINER) return false;
  let before = index - 1;
  while (before >= 0 && chars[before] === COLOURED) before -= 1;
  return isPicture(chars[before]) && isPicture(chars[index + 1]);
}

function isPicture(char) {
  return char !== undefined && (/^\p{So}$/u.test(char) || SKIN_TONE.test(char));
}

/** Cut a name to `limit` columns; no picture, flag or letter with its marks is cut through. */
export function cutName(name, limit) {
  if (columns(name) <= limit) return name;
  let kept = "";
  for (const char of characters(name)) {
    if (columns(kept + char) > limit) break;
    kept += char;
  }
  return kept + CUT;
}

/** Count columns; the parts that an emoji is joined of take none. */
export function columns(text) {
  let count = 0;
  let before = "";
  for (const char of text) {
    if (before !== JOINER) count += columnsOf(char);
    before = char;
  }
  return count;
}

function columnsOf(char) {
  if (FLAG_LETTER.test(char)) return 1;
  if (NO_COLUMN.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

function characters(text) {
  const found = [];
  for (const char of text) {
    const last = found.at(-1);
    if (last !== undefined && goesOn(last, char)) found[found.length - 1] += char;
    else found.push(char);
  }
  return found;
}

function goesOn(whole, char) {
  if (char === JOINER || char === COLOURED || SKIN_TONE.test(char) || whole.endsWith(JOINER)) return true;
  if (FLAG_LETTER.test(char)) return FLAG_LETTER.test(whole);
  return MARK.test(char);
}
