// Whose phone it is: a follower that the account knows, or any with a tag and a platform.

import { el, field, select } from "./dom.js";
import { safe, shownName } from "./names.js";
import { currentLanguage, t } from "./words.js";

const PLATFORMS = ["1", "2", "3"];

export class Viewer {
  #changed;
  #openid = "";
  #tag = "";
  #platform = "3"; // the client that the fewest rules are for
  #drawn = "";
  element = el("div", { class: "viewer" });

  constructor(changed) {
    this.#changed = changed;
  }

  /** Give the question to /__emulator__/match, without the account. */
  get query() {
    if (this.#openid) return { openid: this.#openid };
    return { ...(this.#tag ? { tag: this.#tag } : {}), platform: this.#platform };
  }

  show(account) {
    const drawn = JSON.stringify([currentLanguage(), account.tags, account.followers, this.#openid, this.#tag, this.#platform]);
    // What is drawn anew closes under whoever is choosing in it.
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const followers = account.followers ?? [];
    const tags = account.tags ?? [];
    const known = followers.find((one) => one.openid === this.#openid);
    if (!known) this.#openid = "";
    const names = followers.map((one) => [one.openid, one.subscribed === false ? t("notSubscribed", { openid: safe(one.openid) }) : safe(one.openid)]);
    const who = select({ "data-key": "who" }, [["", t("somebody")], ...names], this.#openid);
    who.addEventListener("change", () => { this.#openid = who.value; this.#changed(); });

    const listed = tags.map((tag) => [String(tag.id), `${shownName(tag.name)} (${tag.id})`]);
    const last = known?.tags?.at(-1);
    if (last !== undefined && !tags.some((tag) => tag.id === last)) listed.push([String(last), String(last)]);
    const tag = select({ "data-key": "tag", disabled: Boolean(known) }, [["", t("noTag")], ...listed], known ? String(last ?? "") : this.#tag);
    if (!known) this.#tag = tag.value;
    tag.addEventListener("change", () => { this.#tag = tag.value; this.#changed(); });

    const platform = select({ "data-key": "platform", disabled: Boolean(known) }, PLATFORMS.map((each) => [each, t(`platform${each}`)]), known ? String(known.platform) : this.#platform);
    platform.addEventListener("change", () => { this.#platform = platform.value; this.#changed(); });

    this.element.replaceChildren(field(t("seenBy"), who), field(t("tag"), tag), field(t("platform"), platform));
    this.element.title = t("tagHint");
  }
}
