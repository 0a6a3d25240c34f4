// The menu as somebody edits it in the web console (公众号后台): what the API can't make, too.

import { asConsole, children, entries, FIELDS } from "./buttons.js";
import { control } from "./control.js";
import { el, field, keepingFocus, select } from "./dom.js";
import { cutName, safe, shownName, SUB_COLUMNS, TOP_COLUMNS } from "./names.js";
import { attempt } from "./said.js";
import { hasWord, t } from "./words.js";

const TYPES = ["view", "text", "img", "voice", "video", "news", "miniprogram"];
const MOST = [3, 5];

export class Editor {
  element = el("div", { class: "editor" });
  #account = null;
  #buttons = []; // selfmenu_info.button, edited in place
  #info = {};
  #from = ""; // the menu in force that the edits started from
  #dirty = false;

  /** Take the account as it is now; edits that weren't published stay. */
  show(account) {
    const before = this.#account && [inForce(this.#account), isOpen(this.#account)].join();
    this.#account = account;
    if (before === [inForce(account), isOpen(account)].join()) return;
    if (before === null || (!this.#dirty && this.#from !== inForce(account))) this.#load();
    this.render();
  }

  render() {
    keepingFocus(this.element, () => this.#draw());
  }

  #load() {
    this.#info = structuredClone(this.#account.console ?? {});
    this.#buttons = entries(this.#account.console ? this.#info.button : asConsole(this.#account.default?.button));
    this.#from = inForce(this.#account);
    this.#dirty = false;
  }

  #draw() {
    const account = this.#account;
    const has = Boolean(account.console);
    const open = isOpen(account);
    const now = !open ? t("menuClosed") : account.default ? t("menuDefault") : t("menuNone");
    const status = this.#dirty ? t(this.#from === inForce(account) ? "edited" : "behind") : t("consoleFrom");
    this.element.replaceChildren(
      el("p", { class: "hint" }, t("consoleHint")),
      el("p", {}, has && open ? t("consoleHas") : t("consoleHasNot", { menu: now })),
      el("div", { class: "buttons" },
        this.#action("switch", t(open ? "switchOff" : "switchOn"), () => this.#send({ is_open: open ? 0 : 1 }, open ? "switchedOff" : "switchedOn")),
        this.#action("take-away", t("takeAway"), () => this.#send({ selfmenu_info: null, is_open: open ? 1 : 0 }, "takenAway"), !has)),
      el("ol", { class: "entries" }, this.#buttons.map((entry, index) => this.#entry(this.#buttons, index, [index]))),
      this.#buttons.length ? "" : el("p", { class: "hint" }, t("noButtons")),
      el("div", { class: "buttons" }, this.#action("add", t("addButton"), () => this.#edit(() => this.#buttons.push(fresh()), `${this.#buttons.length}-name`), this.#buttons.length >= MOST[0])),
      el("p", { class: "hint", role: "status" }, status),
      el("div", { class: "buttons" },
        this.#action("publish", t("publish"), () => this.#publish(), false, "main"),
        this.#action("discard", t("discard"), () => { this.#load(); this.render(); }, !this.#dirty)));
  }

  #entry(list, index, path) {
    const entry = list[index];
    const inner = path.length === 1 ? children(entry) : [];
    const key = path.join("-");
    const at = path.map((each) => each + 1).join(".");
    const name = el("input", { type: "text", "data-key": `${key}-name`, spellcheck: "false", autocomplete: "off" });
    name.value = typeof entry.name === "string" ? entry.name : "";
    const shown = el("p", { class: "hint" });
    const hint = () => {
      const whole = shownName(entry.name);
      const cut = cutName(whole, path.length === 1 ? TOP_COLUMNS : SUB_COLUMNS);
      shown.textContent = cut === whole ? "" : t("willCut", { shown: cut });
    };
    hint();
    name.addEventListener("input", () => { entry.name = name.value; hint(); this.#touch(); });
    const called = t("button", { at });
    const said = (action) => t("doTo", { action, name: `${called} ${shownName(entry.name)}` });
    const tool = (word, sign, disabled, work) =>
      el("button", { type: "button", class: "tool", "data-key": `${key}-${word}`, disabled, "aria-label": said(t(word)), title: t(word), onclick: work }, sign);
    const move = (step) => this.#edit(() => list.splice(index + step, 0, ...list.splice(index, 1)), `${[...path.slice(0, -1), index + step].join("-")}-${step < 0 ? "moveUp" : "moveDown"}`);
    const remove = () => this.#edit(() => this.#remove(list, index, path), this.#afterRemoval(list, index, path));
    return el("li", { role: "group", "aria-label": called },
      el("div", { class: "entry" },
        el("span", { class: "at", "aria-hidden": "true" }, at),
        field(`${t("name")} ${at}`, name, shown),
        inner.length ? null : this.#type(entry, key),
        el("div", { class: "tools" },
          tool("moveUp", "↑", index === 0, () => move(-1)),
          tool("moveDown", "↓", index === list.length - 1, () => move(1)),
          tool("remove", "×", false, remove)),
        inner.length ? null : this.#fields(entry, key)),
      path.length > 1 ? null : this.#sub(entry, inner, path, key));
  }

  #sub(entry, inner, path, key) {
    const list = inner.length && el("ol", { class: "entries", "aria-label": t("subMenu", { name: shownName(entry.name) }) }, inner.map((_, at) => this.#entry(listOf(entry), at, [...path, at])));
    const add = () => this.#edit(() => this.#makeSub(entry), `${key}-${inner.length}-name`);
    return [list || null, this.#action(`${key}-sub`, t(inner.length ? "addSub" : "makeSub"), add, inner.length >= MOST[1], "small")];
  }

  #makeSub(entry) {
    const list = children(entry);
    for (const name of Object.keys(entry)) if (name !== "name") delete entry[name];
    entry.sub_button = { list: [...list, fresh()] };
  }

  #remove(list, index, path) {
    list.splice(index, 1);
    if (path.length === 1 || list.length) return;
    // Nothing is left to open: what opened it becomes a button.
    const entry = this.#buttons[path[0]];
    delete entry.sub_button;
    Object.assign(entry, { ...fresh(), name: entry.name });
  }

  #afterRemoval(list, index, path) {
    if (list.length === 1) return path.length === 1 ? "add" : `${path[0]}-name`;
    return `${[...path.slice(0, -1), Math.min(index, list.length - 2)].join("-")}-remove`;
  }

  #type(entry, key) {
    const types = [...new Set([...TYPES, ...(entry.type ? [String(entry.type)] : [])])];
    const chosen = select({ "data-key": `${key}-type` }, types.map((type) => [type, hasWord(`type_${type}`) ? t(`type_${type}`) : safe(type)]), String(entry.type ?? ""));
    chosen.addEventListener("change", () => this.#edit(() => {
      const name = entry.name;
      for (const each of Object.keys(entry)) delete entry[each];
      Object.assign(entry, { type: chosen.value, name }, Object.fromEntries(FIELDS[chosen.value].map((each) => [each, ""])));
    }, `${key}-type`));
    return field(t("type"), chosen);
  }

  #fields(entry, key) {
    return (FIELDS[entry.type] ?? []).map((name) => {
      const input = el("input", { type: "text", "data-key": `${key}-${name}`, spellcheck: "false", autocomplete: "off" });
      input.value = typeof entry[name] === "string" ? entry[name] : "";
      input.addEventListener("input", () => { entry[name] = input.value; this.#touch(); });
      return field(t(`field_${name}`), input);
    });
  }

  #action(key, text, work, disabled = false, className = "") {
    return el("button", { type: "button", class: className, "data-key": key, disabled, onclick: work }, text);
  }

  #edit(change, focus) {
    change();
    this.#dirty = true;
    this.#draw();
    [...this.element.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focus && !one.disabled)?.focus();
  }

  #touch() {
    if (this.#dirty) return;
    this.#dirty = true;
    this.render();
  }

  async #publish() {
    const info = { ...this.#info, button: this.#buttons };
    const published = await this.#send({ selfmenu_info: info, is_open: 1 }, "published");
    if (!published) return;
    // The answer is the account as it is now: what was edited is in force.
    this.#account = published.appid === undefined ? this.#account : published;
    this.#load();
    this.render();
  }

  #send(change, done) {
    const { appid } = this.#account;
    return attempt(() => control.console({ appid, ...change }), t(done, { account: safe(appid) }));
  }
}

function isOpen(account) {
  return account.is_open !== false && account.is_open !== 0;
}

function inForce(account) {
  return JSON.stringify([account.console ?? null, account.console ? null : (account.default?.button ?? null)]);
}

function listOf(entry) {
  if (Array.isArray(entry.sub_button)) entry.sub_button = { list: entry.sub_button };
  return entry.sub_button.list;
}

function fresh() {
  return { type: "view", name: t("newButton"), url: "https://shop.example.com/" };
}
