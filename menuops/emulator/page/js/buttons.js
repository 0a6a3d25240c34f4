// What a menu's entries are, in menu/get's shape and in the console's.

import { SUB_COLUMNS, TOP_COLUMNS, cutName, safe, shownName } from "./names.js";
import { hasWord, t } from "./words.js";

/** Fields by type; the console's own types carry `value`. Source: WeChat's pages. */
export const FIELDS = {
  click: ["key"],
  view: ["url"],
  miniprogram: ["url", "appid", "pagepath"],
  scancode_push: ["key"],
  scancode_waitmsg: ["key"],
  pic_sysphoto: ["key"],
  pic_photo_or_album: ["key"],
  pic_weixin: ["key"],
  location_select: ["key"],
  media_id: ["media_id"],
  view_limited: ["media_id"],
  article_id: ["article_id"],
  article_view_limited: ["article_id"],
  text: ["value"],
  img: ["value"],
  photo: ["value"],
  voice: ["value"],
  video: ["value"],
  news: ["value"],
};

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Give the entries of a menu; a seeded state may hold anything. */
export function entries(buttons) {
  return Array.isArray(buttons) ? buttons.filter(isObject) : [];
}

/** Give an entry's sub-menu: menu/get has an array there, the console {"list": array}. */
export function children(entry) {
  const found = entry.sub_button;
  return entries(isObject(found) ? found.list : found);
}

/** Give {name, shown, cut, type, does, items} of an entry, all fit to be shown. */
export function item(entry, top = true) {
  const name = shownName(entry.name);
  const shown = cutName(name, top ? TOP_COLUMNS : SUB_COLUMNS);
  const items = top ? children(entry).map((child) => item(child, false)) : [];
  const type = items.length || entry.type == null ? "" : safe(entry.type);
  return { name, shown, cut: shown !== name, type, does: items.length ? t("opensSub", { n: items.length }) : does(entry), items };
}

function does(entry) {
  if (entry.type == null || entry.type === "") return t("does_nothing");
  const key = `does_${entry.type}`;
  const fields = Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, typeof value === "string" ? safe(value) : JSON.stringify(value)]));
  const missing = (FIELDS[entry.type] ?? []).map((name) => [name, "?"]);
  return hasWord(key) && entry.type in FIELDS ? t(key, { ...Object.fromEntries(missing), ...fields }) : t("does_unknown", { type: safe(entry.type) });
}

/** Turn menu/get's entries into those of get_current_selfmenu_info, as a copy. */
export function asConsole(buttons) {
  return entries(structuredClone(buttons ?? [])).map((entry) => {
    const inner = children(entry);
    const { sub_button: _, ...rest } = entry;
    return inner.length ? { ...rest, sub_button: { list: inner.map(({ sub_button: __, ...leaf }) => leaf) } } : rest;
  });
}

/** Say who a conditional menu is for, with the tag's name where the account has it. */
export function ruleWords(rule, tags) {
  const words = Object.entries(rule ?? {}).filter(([, value]) => value !== "" && value != null).map(([name, value]) => {
    if (name === "group_id" || name === "tag_id") {
      const tag = tags.find((one) => String(one.id) === String(value));
      return t("ruleTag", { tag: tag ? `${shownName(tag.name)} (${value})` : safe(value) });
    }
    if (name === "client_platform_type" && hasWord(`platform${value}`)) return t(`platform${value}`);
    return `${safe(name)}=${safe(value)}`;
  });
  return words.join(" + ");
}
