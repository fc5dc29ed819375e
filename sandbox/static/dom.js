// Builds elements. Text always becomes a text node, so nothing a person or an app writes is read as HTML.

const SVG = "http://www.w3.org/2000/svg";

function apply(node, props) {
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2).toLowerCase(), value);
    else if (key === "style") Object.assign(node.style, value);
    else if (key === "value" || key === "checked") node[key] = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
}

function fill(node, children) {
  const shown = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  node.append(...shown);
  return node;
}

/** An HTML element: `h("p", {class: "x", onClick: f}, "text", child)`. */
export function h(tag, props, ...children) {
  const node = fill(document.createElement(tag), children);
  apply(node, props);
  return node;
}

/** The same for SVG. */
export function svg(tag, props, ...children) {
  const node = fill(document.createElementNS(SVG, tag), children);
  apply(node, props);
  return node;
}

/** A link's address when a page may follow it, else null. */
export function safeUrl(url) {
  return /^(https?:|mailto:|tel:|slack:)/i.test(url ?? "") ? url : null;
}

let counter = 0;

/** An id no other element of this page has. */
export function freshId(prefix = "e") {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** A short fingerprint of any JSON, to tell whether something must be drawn again. */
export function fingerprint(...parts) {
  return JSON.stringify(parts);
}

function focusMark(host) {
  const active = document.activeElement;
  if (!active || !host.contains(active) || !active.dataset.key) return null;
  let selection = null;
  try {
    selection = [active.selectionStart, active.selectionEnd];
  } catch {
    selection = null; // number and date fields have no caret to remember
  }
  return { key: active.dataset.key, selection };
}

function restoreFocus(host, mark) {
  if (!mark) return;
  const node = [...host.querySelectorAll("[data-key]")].find((each) => each.dataset.key === mark.key);
  if (!node) return;
  node.focus({ preventScroll: true });
  if (mark.selection && mark.selection[0] !== null && node.setSelectionRange) {
    try {
      node.setSelectionRange(...mark.selection);
    } catch {
      // the field became one without a caret
    }
  }
}

/** Draws `host` anew only when `print` changed; the focused field (by data-key) stays focused. */
export function redraw(host, print, build) {
  if (host.dataset.print === print) return false;
  const mark = focusMark(host);
  const scroll = [...host.querySelectorAll("[data-scroll]")].map((node) => [node.dataset.scroll, node.scrollTop]);
  host.replaceChildren(...[build()].flat(Infinity).filter(Boolean));
  host.dataset.print = print;
  for (const [name, top] of scroll) {
    const node = host.querySelector(`[data-scroll="${CSS.escape(name)}"]`);
    if (node) node.scrollTop = top;
  }
  restoreFocus(host, mark);
  return true;
}

/** Makes `host` hold one child per item, rebuilding only those whose `print(item)` changed. */
export function reconcile(host, items, { key, print, build }) {
  const mark = focusMark(host);
  const before = new Map([...host.children].map((node) => [node.dataset.item, node]));
  const nodes = items.map((item, index) => {
    const [name, state] = [key(item, index), print(item, index)];
    const old = before.get(name);
    if (old?.dataset.print === state) return old;
    const node = build(item, index);
    node.dataset.item = name;
    node.dataset.print = state;
    return node;
  });
  if (nodes.length === host.children.length && nodes.every((node, index) => node === host.children[index])) return false;
  host.replaceChildren(...nodes);
  restoreFocus(host, mark);
  return true;
}
