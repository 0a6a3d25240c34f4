// Faults: which are on, and a form that switches one on.

import { control } from "./control.js";
import { el, field, keepingFocus, select } from "./dom.js";
import { safe } from "./names.js";
import { attempt, notify } from "./said.js";
import { count, hasWord, t } from "./words.js";

// What each kind takes, with what stands in the field at first; a number is sent as one.
const PARAMETERS = {
  errcode: { code: 45009, text: "" },
  status: { code: 502, html: "", done: false },
  answer: { value: "{}", done: false },
  body: { content: "<html>", done: false },
  encoding: { name: "gbk" },
  redirect: { url: "http://127.0.0.1:9/", code: 302 },
  refused: { seconds: 5 },
  delay: { seconds: 3 },
};

export class Faults {
  #paths = [];
  #kinds = [];
  #planned = [];
  #drawn = "";
  #path = "menu/create";
  #kind = "errcode";
  #values = structuredClone(PARAMETERS);
  #times = "1";
  #after = "0";
  #list = el("div", { class: "faults-on" });
  #form = el("form", { class: "row fault-form", onsubmit: (event) => { event.preventDefault(); this.#switchOn(); } });
  #root;

  constructor(root) {
    this.#root = root;
  }

  update(state) {
    const next = JSON.stringify([state.paths, state.fault_kinds, state.faults]);
    if (next === this.#drawn) return;
    this.#drawn = next;
    this.#paths = state.paths ?? [];
    this.#kinds = (state.fault_kinds ?? []).map((kind) => (typeof kind === "string" ? kind : kind.fault));
    this.#planned = state.faults ?? [];
    this.render();
  }

  render() {
    keepingFocus(this.#root, () => {
      this.#drawList();
      this.#drawForm();
      this.#root.replaceChildren(el("p", { class: "hint" }, t("faultsHint")), this.#list, this.#form);
    });
  }

  #drawList() {
    if (!this.#planned.length) {
      this.#list.replaceChildren(el("p", { class: "hint" }, t("noFaults")));
      return;
    }
    const paths = [...new Set(this.#planned.map((one) => one.path))];
    const rows = this.#planned.map((one) => el("li", {}, el("code", {}, safe(one.path)), " ", el("span", { class: "badge fault" }, one.fault), " ", words(one)));
    const off = paths.map((path) => el("button", { type: "button", "data-key": `off-${path}`, "aria-label": `${t("switchFaultOff")}: ${path}`, onclick: () => attempt(() => control.clearFaults(path), t("faultIsOff", { path })) }, t("switchFaultOff"), " ", el("code", {}, path)));
    const all = paths.length > 1 && el("button", { type: "button", "data-key": "off", onclick: () => attempt(() => control.clearFaults(), t("faultsAreOff")) }, t("switchAllOff"));
    this.#list.replaceChildren(el("ul", { class: "plain" }, rows), el("div", { class: "buttons" }, off, all || []));
  }

  #drawForm() {
    const path = select({ "data-key": "fault-path" }, this.#paths.map((each) => [each, each]), this.#path);
    path.addEventListener("change", () => { this.#path = path.value; });
    if (this.#paths.length) this.#path = path.value;
    const kind = select({ "data-key": "fault-kind" }, this.#kinds.map((each) => [each, hasWord(`fault_${each}`) ? `${each} · ${t(`fault_${each}`)}` : each]), this.#kind);
    kind.addEventListener("change", () => { this.#kind = kind.value; this.render(); });
    if (this.#kinds.length) this.#kind = kind.value;
    const values = this.#values[this.#kind] ?? {};
    const parameters = Object.entries(values).map(([name, value]) => {
      if (typeof value === "boolean") {
        const box = el("input", { type: "checkbox", "data-key": `fault-${name}` });
        box.checked = value;
        box.addEventListener("change", () => { values[name] = box.checked; });
        return el("label", { class: "check" }, box, t(`param_${name}`));
      }
      const numeric = typeof PARAMETERS[this.#kind][name] === "number";
      const input = el("input", { type: numeric ? "number" : "text", step: "any", "data-key": `fault-${name}`, autocomplete: "off", spellcheck: "false" });
      input.value = value;
      input.addEventListener("input", () => { values[name] = input.value; });
      return field(t(`param_${name}`), input);
    });
    const times = this.#number("fault-times", this.#times, (value) => { this.#times = value; });
    times.title = t("faultTimesHint");
    const after = this.#number("fault-after", this.#after, (value) => { this.#after = value; });
    this.#form.replaceChildren(
      wide(field(t("faultCall"), path)), wide(field(t("faultKind"), kind)), ...parameters,
      field(t("faultTimes"), times, el("p", { class: "hint" }, t("faultTimesHint"))), field(t("faultAfter"), after),
      el("button", { type: "submit", class: "main" }, t("switchFaultOn")));
  }

  #number(key, value, changed) {
    const input = el("input", { type: "number", min: 0, step: 1, required: true, "data-key": key });
    input.value = value;
    input.addEventListener("input", () => changed(input.value));
    return input;
  }

  async #switchOn() {
    const kind = this.#kind;
    const given = Object.entries(this.#values[kind] ?? {}).filter(([, value]) => value !== "");
    const value = { path: this.#path, fault: kind, times: Number(this.#times), after: Number(this.#after) };
    for (const [name, each] of given) {
      try {
        value[name] = typeof PARAMETERS[kind][name] === "number" ? Number(each) : name === "value" ? JSON.parse(each) : each;
      } catch (error) {
        notify(error);
        return;
      }
    }
    await attempt(() => control.addFault(value), t("faultIsOn", { path: this.#path }));
  }
}

function wide(made) {
  made.classList.add("wide-field");
  return made;
}

function words(planned) {
  const times = planned.times ? count("faultTimesLeft", planned.times) : t("faultForEver");
  return planned.after ? t("faultBoth", { times, after: count("faultAfterLeft", planned.after) }) : times;
}
