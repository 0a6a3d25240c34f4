// A phone that shows a menu as WeChat does, by pointer and by keyboard (arrows, Home, End, Escape).

import { el, icon } from "./dom.js";
import { entries, item } from "./buttons.js";
import { t } from "./words.js";

const BARS = ["0 0 12 12", "M1 2.5h10M1 6h10M1 9.5h10", "phone-bars"];
const BACK = ["0 0 12 20", "M10 2 2 10l8 8"];
const PERSON = ["0 0 24 24", "M12 3.3a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 0 1 0-8.4zM3.5 21c.6-4.6 3.6-7 8.5-7s7.9 2.4 8.5 7z"];
const KEYBOARD = ["0 0 28 28", "M14 1.4a12.6 12.6 0 1 1 0 25.2a12.6 12.6 0 0 1 0-25.2zM8 10h.01M12 10h.01M16 10h.01M20 10h.01M8 14h.01M12 14h.01M16 14h.01M20 14h.01M10.5 18.2h7"];

const beside = (list, one, step) => list[(list.indexOf(one) + step + list.length) % list.length];

/** One phone; `show` draws a menu, and keeps open what was open. */
export class Phone {
  #bar = el("div", { class: "phone-menu" });
  #said = el("p", { class: "phone-said", "aria-live": "polite" });
  #title = el("span", { class: "phone-title" });
  #tabs = [];
  #open = null; // the index of the entry whose sub-menu is open
  #told = null; // the place of the entry that was tapped last

  constructor() {
    const head = el("div", { class: "phone-head", "aria-hidden": "true" }, icon(...BACK), this.#title, icon(...PERSON));
    const chat = el("div", { class: "phone-chat" }, el("span", { class: "phone-from", "aria-hidden": "true" }), this.#said);
    this.element = el("figure", { class: "phone" }, el("div", { class: "phone-body" }, head, chat, this.#bar));
    this.element.addEventListener("click", (event) => this.#clicked(event));
    this.element.addEventListener("keydown", (event) => this.#pressed(event));
    // Elsewhere on the page a tap leaves the sub-menu open: it is looked at while a fault is set.
  }

  /** Draw a menu: `buttons` in either shape, null for none. */
  show({ title, label, menuLabel, buttons, none }) {
    const active = this.element.contains(document.activeElement) ? document.activeElement.dataset.at : undefined;
    const items = entries(buttons).map((entry) => item(entry));
    this.element.setAttribute("aria-label", label);
    this.#title.textContent = title;
    if (this.#open != null && !items[this.#open]?.items.length) this.#open = null;
    this.#bar.replaceChildren();
    this.#bar.classList.toggle("phone-none", items.length === 0);
    this.#tabs = items.map((entry, index) => this.#cell(entry, index));
    if (items.length) {
      const cells = el("div", { class: "phone-cells", role: "menubar", "aria-label": menuLabel }, this.#tabs.map((tab) => tab.cell));
      this.#bar.append(el("span", { class: "phone-keys", "aria-hidden": "true" }, icon(...KEYBOARD)), cells);
    } else {
      this.#bar.append(el("span", { class: "phone-input", "aria-hidden": "true" }));
    }
    this.#remember(0);
    this.#set(this.#open);
    const told = this.#told && this.#find(this.#told);
    if (!told) this.#told = null;
    this.#say(told?.dataset.says ?? (items.length ? t("tapHint") : (none ?? t("noMenuThere"))));
    if (active !== undefined) (this.#find(active) ?? this.#tabs[0]?.tab)?.focus({ preventScroll: true });
  }

  #cell(entry, index) {
    const opens = entry.items.length > 0;
    const tab = this.#button(entry, String(index + 1), "phone-tab", opens);
    const items = entry.items.map((child, at) => this.#button(child, `${index + 1}.${at + 1}`, "phone-item", false));
    const pop = opens && el("div", { class: "phone-pop", role: "menu", "aria-label": entry.name }, items);
    return { cell: el("div", { class: "phone-cell", role: "none" }, tab, pop), tab, items };
  }

  #button(entry, at, className, opens) {
    const name = el("span", { class: "phone-name" }, opens && icon(...BARS), el("span", { class: "phone-text" }, entry.shown));
    const says = `${entry.name}${entry.cut ? ` (${t("cut")})` : ""}${entry.type ? ` [${entry.type}]` : ""}: ${entry.does}`;
    return el("button", {
      type: "button", class: className, role: "menuitem", tabindex: -1, title: says, "data-says": says, "data-at": at,
      "aria-label": `${entry.name}, ${entry.does}`, "aria-haspopup": opens && "menu", "aria-expanded": opens && "false",
    }, name);
  }

  #find(at) {
    return this.#tabs.flatMap(({ tab, items }) => [tab, ...items]).find((one) => one.dataset.at === at);
  }

  #set(open) {
    this.#open = open;
    this.#tabs.forEach(({ cell, tab, items }, index) => {
      if (!items.length) return;
      cell.classList.toggle("phone-open", index === open);
      tab.setAttribute("aria-expanded", String(index === open));
    });
  }

  #say(text) {
    if (this.#said.textContent !== text) this.#said.textContent = text;
  }

  #tell(button) {
    this.#told = button.dataset.at;
    this.#say(button.dataset.says);
  }

  /** Tab comes to the button that was used last, and goes on to what is after the phone. */
  #remember(index) {
    this.#tabs.forEach(({ tab }, each) => { tab.tabIndex = each === index ? 0 : -1; });
  }

  #focus(button) {
    this.#remember(this.#indexOf(button));
    button.focus();
    this.#tell(button);
  }

  #indexOf(button) {
    return this.#tabs.findIndex(({ cell }) => cell.contains(button));
  }

  #clicked(event) {
    const button = event.target.closest("[data-at]");
    if (!button) { this.#set(null); return; }
    const index = this.#indexOf(button);
    const { tab, items } = this.#tabs[index];
    this.#remember(index);
    if (button === tab) {
      const opening = items.length > 0 && this.#open !== index;
      this.#set(opening ? index : null);
      // A click without a pointer is Enter or the space bar.
      if (opening && event.detail === 0) { this.#focus(items[0]); return; }
    }
    this.#tell(button);
  }

  #pressed(event) {
    const button = event.target.closest("[data-at]");
    if (!button || event.altKey || event.ctrlKey || event.metaKey) return;
    const index = this.#indexOf(button);
    const { tab, items } = this.#tabs[index];
    const inside = button !== tab;
    const tabs = this.#tabs.map((each) => each.tab);
    const list = inside ? items : tabs;
    switch (event.key) {
      case "ArrowLeft":
      case "ArrowRight": {
        const wasOpen = this.#open != null;
        const next = tabs.indexOf(beside(tabs, tab, event.key === "ArrowRight" ? 1 : -1));
        const opens = this.#tabs[next].items.length > 0;
        this.#set(wasOpen && opens ? next : null);
        this.#focus(inside && opens ? this.#tabs[next].items[0] : tabs[next]);
        break;
      }
      case "ArrowUp":
      case "ArrowDown": {
        const down = event.key === "ArrowDown";
        if (inside) this.#focus(beside(items, button, down ? 1 : -1));
        else if (items.length) { this.#set(index); this.#focus(down ? items[0] : items.at(-1)); }
        break;
      }
      case "Home": this.#focus(list[0]); break;
      case "End": this.#focus(list.at(-1)); break;
      case "Escape": this.#set(null); this.#focus(tab); break;
      case "Tab": this.#set(null); return;
      default: return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
