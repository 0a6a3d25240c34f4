// The page: reads the state, follows what happens, and hands each part what it shows.

import { AccountCard } from "./account.js";
import { Calls } from "./calls.js";
import { control, follow } from "./control.js";
import { el, field } from "./dom.js";
import { Faults } from "./faults.js";
import { safe } from "./names.js";
import { attempt, notify } from "./said.js";
import { TimePanel } from "./time.js";
import { chooseLanguage, currentLanguage, onLanguage, startLanguage, t } from "./words.js";

const AT_FIRST = 12; // phones; more are asked for
const REST_MS = 150; // between two readings of the state
const LOOK_MS = 15_000; // a second process may write to the same state file, and says nothing

const $ = (id) => document.getElementById(id);

startLanguage();
const calls = new Calls($("call-list"));
const faults = new Faults($("faults"));
const time = new TimePanel($("time"));
const cards = new Map();
let state = null;
let shown = AT_FIRST;
let link = "waiting";

function drawLink() {
  $("link").dataset.state = link;
  const text = t({ waiting: "linkWaiting", live: "linkLive", lost: "linkLost" }[link]);
  if ($("link-text").textContent !== text) $("link-text").textContent = text;
}

function drawCards() {
  const accounts = state?.accounts ?? [];
  const sought = $("account-filter").value.trim().toLowerCase();
  const found = accounts.filter((account) => account.appid.toLowerCase().includes(sought));
  const visible = found.slice(0, shown);
  const kept = new Set(visible.map((account) => account.appid));
  for (const [appid, card] of cards) if (!kept.has(appid)) card.element.remove();
  let after = null;
  for (const account of visible) {
    let card = cards.get(account.appid);
    if (!card) {
      card = new AccountCard();
      cards.set(account.appid, card);
    }
    card.update(account, state.now_s);
    const place = after ? after.nextSibling : $("cards").firstChild;
    if (card.element !== place) $("cards").insertBefore(card.element, place);
    after = card.element;
  }
  $("cards").classList.toggle("single", visible.length === 1);
  $("find-account").hidden = accounts.length <= 3;
  $("more-accounts").hidden = found.length <= shown;
  $("more-accounts").textContent = t("moreAccounts", { n: Math.min(AT_FIRST, found.length - shown) });
  $("no-accounts").hidden = state === null || visible.length > 0;
  $("no-accounts").textContent = accounts.length ? t("noneFound", { text: safe(sought) }) : t("noAccounts");
}

function drawAddAccount() {
  const appid = el("input", { type: "text", required: true, autocomplete: "off", spellcheck: "false" });
  const secret = el("input", { type: "password", autocomplete: "new-password" });
  const submit = async (event) => {
    event.preventDefault();
    const value = { appid: appid.value.trim(), ...(secret.value ? { secret: secret.value } : {}) };
    if (!(await attempt(() => control.account(value), t("added", { what: safe(value.appid) })))) return;
    appid.value = "";
    secret.value = "";
  };
  $("add-account").replaceChildren(el("details", { class: "fold panel" }, el("summary", {}, t("addAccount")),
    el("form", { class: "row", onsubmit: submit }, field(t("appid"), appid), field(t("secret"), secret, el("p", { class: "hint" }, t("secretHint"))), el("button", { type: "submit" }, t("add")))));
}

function take(next) {
  state = next;
  calls.setAccounts(state.accounts.map((account) => account.appid));
  faults.update(state);
  time.update(state);
  drawCards();
}

// The state is read once at a time: what comes in meanwhile is one more reading, after a rest.
let reading = false;
let again = false;
async function read() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    do {
      again = false;
      take(await control.state());
      await new Promise((done) => setTimeout(done, REST_MS));
    } while (again);
  } catch (error) {
    // Out of reach is said at the top of the page; anything else is a bug and is to be seen.
    if (!(error instanceof TypeError && link === "lost")) notify(error);
  } finally {
    reading = false;
  }
}

function drawAll() {
  $("language").value = currentLanguage();
  drawLink();
  drawAddAccount();
  calls.render();
  faults.render();
  time.render();
  for (const card of cards.values()) card.render();
  drawCards();
}

$("language").addEventListener("change", () => chooseLanguage($("language").value));
$("account-filter").addEventListener("input", () => { shown = AT_FIRST; drawCards(); });
$("more-accounts").addEventListener("click", () => { shown += AT_FIRST; drawCards(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) read(); });
setInterval(() => { if (!document.hidden && link === "live") read(); }, LOOK_MS);
onLanguage(drawAll);
drawAll();

follow({
  start: async () => {
    take(await control.state());
    // Another emulator answers now. Later on a state may be older than the last call that is known.
    if (state.last_call < calls.last) calls.reset();
    calls.load((await control.calls(calls.last)).calls);
    return calls.last;
  },
  open: () => { link = "live"; drawLink(); },
  lost: () => { link = "lost"; drawLink(); },
  call: (call) => { calls.add(call); read(); },
  state: read,
});
