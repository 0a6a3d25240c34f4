// One account: its phone, who looks at it, and what can be done to it.

import { children, entries, ruleWords } from "./buttons.js";
import { clockTime, span } from "./clock.js";
import { control } from "./control.js";
import { el, field, keepingFocus, select } from "./dom.js";
import { Editor } from "./editor.js";
import { safe, shownName } from "./names.js";
import { Phone } from "./phone.js";
import { arrive, attempt } from "./said.js";
import { count, currentLanguage, t } from "./words.js";
import { Viewer } from "./viewer.js";

const MENU_WORDS = { api: "menuDefault", console: "menuConsole", closed: "menuClosed", none: "menuNone", unsubscribed: "menuUnfollowed" };
const FIRST_TAG = 100; // those below are WeChat's own

export class AccountCard {
  #phone = new Phone();
  #viewer = new Viewer(() => { this.#viewer.show(this.#account); this.#ask(); });
  #editor = new Editor();
  #account = null;
  #facts = ""; // all but what only the time changes
  #match = null;
  #trouble = null;
  #asked = 0;
  #changedAt_s = null;
  #head = el("h3");
  #marks = el("p", { class: "marks" });
  #source = el("p", { class: "source" });
  #menus = el("div");
  #people = el("div");
  #peopleDrawn = "";
  #tokens = el("div");
  #folds = [];

  constructor() {
    this.#folds = [
      fold("menus", this.#menus),
      fold("console", this.#editor.element),
      fold("people", this.#people),
      fold("tokens", this.#tokens),
    ];
    this.element = el("article", { class: "card" },
      el("header", {}, this.#head, this.#marks),
      el("div", { class: "card-body" },
        el("div", { class: "card-phone" }, this.#phone.element),
        el("div", { class: "card-tools" }, this.#viewer.element, this.#source, this.#folds.map((each) => each.element))));
  }

  /** Take the account as /__emulator__/state has it at `now_s`. */
  update(account, now_s) {
    const { tokens: _, ...rest } = account;
    const facts = JSON.stringify(rest);
    const first = this.#account === null;
    this.#account = account;
    this.#drawTokens();
    if (facts === this.#facts) return;
    this.#facts = facts;
    this.#draw();
    this.#ask(first ? null : now_s);
  }

  /** Draw all anew, as in another language. */
  render() {
    this.#draw();
    this.#editor.render();
    this.#drawTokens();
    this.#drawPhone();
  }

  #draw() {
    const account = this.#account;
    this.element.setAttribute("aria-label", safe(account.appid));
    this.#head.textContent = safe(account.appid);
    this.#folds.forEach((each) => each.title());
    keepingFocus(this.#viewer.element, () => this.#viewer.show(account));
    this.#editor.show(account);
    this.#drawMenus();
    keepingFocus(this.#people, () => this.#drawPeople());
    this.#drawMarks();
  }

  /** Ask what the chosen follower sees; with a time, what they see changing is news. */
  async #ask(changed_at_s = null) {
    const asked = ++this.#asked;
    let match = null;
    let trouble = null;
    try {
      match = await control.match({ appid: this.#account.appid, ...this.#viewer.query });
    } catch (error) {
      trouble = error.message;
    }
    if (asked !== this.#asked) return;
    const before = JSON.stringify([this.#match?.button, this.#match?.source]);
    const differs = JSON.stringify([match?.button, match?.source]) !== before;
    this.#match = match;
    this.#trouble = trouble;
    if (differs && changed_at_s !== null) {
      this.#changedAt_s = changed_at_s;
      arrive(t("menuChanged", { account: safe(this.#account.appid) }));
      this.#flash();
    }
    this.#drawMarks();
    this.#drawPhone();
  }

  #flash() {
    this.element.classList.remove("fresh");
    void this.element.offsetWidth; // so that the animation starts anew
    this.element.classList.add("fresh");
  }

  #drawMarks() {
    const marks = [];
    if (this.#changedAt_s !== null) marks.push(el("span", { class: "mark" }, t("changedAt", { time: clockTime(this.#changedAt_s) })));
    if ((this.#account.rights ?? this.#account.switches?.rights) === false) marks.push(el("span", { class: "mark warn" }, t("unverified")));
    this.#marks.replaceChildren(...marks);
  }

  #drawPhone() {
    const account = safe(this.#account.appid);
    const match = this.#match;
    const menu = this.#trouble !== null ? t("unknownMatch", { why: safe(this.#trouble) }) : match ? this.#menuWords(match) : "…";
    this.#source.textContent = menu;
    this.#phone.show({
      title: account,
      label: t("phoneOf", { account, menu }),
      menuLabel: t("menuOf", { account }),
      buttons: match?.button ?? null,
      none: match?.source === "closed" ? `${t("menuClosed")}. ${t("noMenuThere")}` : t("noMenuThere"),
    });
  }

  #menuWords(match) {
    const rule = ruleWords(match.rule, this.#account.tags ?? []);
    if (match.source === "api" && rule) return `${t("menuConditional")} (${rule}) · ${match.menuid}`;
    const word = t(MENU_WORDS[match.source] ?? (match.menuid == null ? "menuNone" : "menuDefault"));
    return match.source === "api" && match.menuid != null ? `${word} · ${match.menuid}` : word;
  }

  #drawMenus() {
    const { default: base, conditional = [], tags = [], console: made } = this.#account;
    if (!base && !conditional.length) {
      this.#menus.replaceChildren(el("p", { class: "hint" }, t("noApiMenu")));
      return;
    }
    const row = (word, menu, rule) => el("tr", {}, el("td", {}, word, el("small", {}, ` ${menu.menuid ?? ""}`)), el("td", {}, rule), el("td", {}, outline(menu.button)));
    const rows = conditional.map((menu) => row(t("conditional"), menu, ruleWords(menu.matchrule, tags)));
    if (base) rows.push(row(t("default"), base, t("everyoneElse")));
    const head = ["colMenu", "colRule", "colButtons"].map((key) => el("th", { scope: "col" }, t(key)));
    this.#menus.replaceChildren(
      made ? el("p", { class: "hint" }, t("overridden")) : "",
      el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows)),
      conditional.length > 1 ? el("p", { class: "hint" }, t("menusHint")) : "");
  }

  #drawPeople() {
    const { tags = [], followers = [] } = this.#account;
    const drawn = JSON.stringify([currentLanguage(), tags, followers]);
    if (drawn === this.#peopleDrawn) return;
    this.#peopleDrawn = drawn;
    const tagName = (id) => shownName(tags.find((tag) => tag.id === id)?.name ?? id);
    const tagItems = tags.map((tag) => el("li", {}, `${shownName(tag.name)} (${tag.id}) · ${count("tagCount", tag.count ?? 0)}`));
    const people = followers.map((one) => el("li", {}, [one.subscribed === false ? t("notSubscribed", { openid: safe(one.openid) }) : safe(one.openid), t(`platform${one.platform}`), ...(one.tags ?? []).map(tagName)].join(" · ")));
    this.#people.replaceChildren(
      el("h4", {}, t("tagsOf")), tags.length ? el("ul", { class: "plain" }, tagItems) : el("p", { class: "hint" }, t("noTags")), this.#tagForm(tags),
      el("h4", {}, t("followersOf")), followers.length ? el("ul", { class: "plain" }, people) : el("p", { class: "hint" }, t("noFollowers")), this.#followerForm(tags));
  }

  #tagForm(tags) {
    const name = input("new-tag");
    const id = Math.max(FIRST_TAG - 1, ...tags.map((tag) => tag.id)) + 1;
    return form(async () => {
      if (await this.#save({ tags: [...tags, { id, name: name.value, count: 0 }] }, shownName(name.value))) name.value = "";
    }, field(t("newTag"), name), el("button", { type: "submit" }, t("addTag")));
  }

  #followerForm(tags) {
    const openid = input("new-openid");
    const tag = select({ "data-key": "new-follower-tag" }, [["", t("noTag")], ...tags.map((each) => [String(each.id), shownName(each.name)])], "");
    const platform = select({ "data-key": "new-follower-platform" }, ["1", "2", "3"].map((each) => [each, t(`platform${each}`)]), "1");
    return form(async () => {
      const follower = { openid: openid.value, tags: tag.value ? [Number(tag.value)] : [], platform: platform.value };
      if (await this.#save({ followers: [...this.#account.followers ?? [], follower] }, safe(openid.value))) openid.value = "";
    }, field(t("openid"), openid), field(t("tag"), tag), field(t("platform"), platform), el("button", { type: "submit" }, t("addFollower")));
  }

  /** Send lists whole: what is given takes the place of what there was. */
  #save(more, what) {
    return attempt(() => control.account({ appid: this.#account.appid, ...more }), t("added", { what }));
  }

  #drawTokens() {
    const { appid, tokens = [] } = this.#account;
    const rows = tokens.toReversed().map((token) => el("tr", {}, el("td", {}, safe(token.kind)), el("td", {}, t(`token_${token.status}`)), el("td", {}, token.status === "works" ? span(token.expires_in_s) : "–")));
    const head = ["colKind", "colStatus", "colExpires"].map((key) => el("th", { scope: "col" }, t(key)));
    const act = (what, word, done) => el("button", { type: "button", "data-key": what, disabled: !tokens.some((token) => token.status === "works"), onclick: () => attempt(() => control.tokens({ appid, do: what }), t(done, { account: safe(appid) })) }, t(word));
    keepingFocus(this.#tokens, () => this.#tokens.replaceChildren(
      tokens.length ? el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows)) : el("p", { class: "hint" }, t("noTokens")),
      el("div", { class: "buttons" }, act("expire", "expireTokens", "expiredTokens"), act("void", "voidTokens", "voidedTokens"))));
  }
}

function outline(buttons) {
  return entries(buttons).map((entry) => {
    const inner = children(entry).length;
    return `${shownName(entry.name)}${inner ? ` (${inner})` : ""}`;
  }).join(" · ");
}

function fold(word, content) {
  const summary = el("summary");
  return { element: el("details", { class: `fold fold-${word}` }, summary, content), title: () => { summary.textContent = t(word); } };
}

function input(key) {
  return el("input", { type: "text", required: true, "data-key": key, autocomplete: "off", spellcheck: "false" });
}

function form(submit, ...content) {
  return el("form", { class: "row", onsubmit: (event) => { event.preventDefault(); submit(); } }, ...content);
}
