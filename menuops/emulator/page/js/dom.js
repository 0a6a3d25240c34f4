// Elements. Every text goes in as a text node: names in a menu are data from anybody.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. A function in `attributes` listens to the event that its name says
 * ({onclick}), true is an attribute without a value, false and null are none.
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.flat().filter((child) => child != null && child !== false));
  return made;
}

/** Draw an icon for the eye alone. */
export function icon(viewBox, path, className = "") {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", viewBox);
  made.setAttribute("aria-hidden", "true");
  if (className) made.setAttribute("class", className);
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", path);
  made.append(drawn);
  return made;
}

/** Make a select with [value, text] options. */
export function select(attributes, options, chosen) {
  const made = el("select", attributes, options.map(([value, text]) => el("option", { value }, text)));
  made.value = chosen;
  if (made.selectedIndex < 0) made.selectedIndex = 0;
  return made;
}

let ids = 0;

/** Make a label above a field; the field is given an id. */
export function field(text, input, ...more) {
  input.id ||= `field-${++ids}`;
  return el("div", { class: "field" }, el("label", { for: input.id }, text), input, ...more);
}

/**
 * Run `render`, then put the keyboard back on the control that had it: the one with the same
 * data-key. A page that is drawn anew while calls come in mustn't take it away.
 */
export function keepingFocus(root, render) {
  const active = document.activeElement;
  const key = root.contains(active) ? active.dataset.key : undefined;
  const cursor = key && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  render();
  if (key === undefined) return;
  const again = [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  if (!again || again === active) return;
  again.focus({ preventScroll: true });
  if (cursor && cursor[0] != null) again.setSelectionRange(...cursor);
}
