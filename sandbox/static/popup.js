// Things that float over the page: menus, lists of options, confirm dialogs.

import { freshId, h } from "./dom.js";
import { withEmoji } from "./emoji.js";

const layer = () => document.getElementById("popups");

function place(node, anchor, width) {
  const box = anchor.getBoundingClientRect();
  node.style.minWidth = `${width ?? Math.max(box.width, 180)}px`;
  const { offsetWidth, offsetHeight } = node;
  const below = window.innerHeight - box.bottom - 8;
  const top = below >= offsetHeight || below > box.top ? box.bottom + 4 : Math.max(8, box.top - offsetHeight - 4);
  node.style.top = `${top}px`;
  node.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - offsetWidth - 8))}px`;
  node.style.maxHeight = `${Math.max(120, window.innerHeight - top - 12)}px`;
}

const floating = new Map(); // anchor -> the function that closes what floats beside it

/** Closes what floats beside an element that a redrawing has removed. */
export function closeOrphans() {
  for (const [anchor, close] of floating) if (!anchor.isConnected) close();
}

/** Floats `node` beside `anchor`; returns a function that closes it. */
export function float(anchor, node, { onClose = () => {}, width } = {}) {
  node.classList.add("popup");
  layer().append(node);
  place(node, anchor, width);
  const outside = (event) => {
    if (!node.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const escape = (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    close();
  };
  const scrolled = (event) => {
    if (!node.contains(event.target) && event.target.contains?.(anchor)) place(node, anchor, width);
  };
  let open = true;
  function close() {
    if (!open) return;
    open = false;
    document.removeEventListener("mousedown", outside, true);
    document.removeEventListener("keydown", escape, true);
    document.removeEventListener("scroll", scrolled, true);
    node.remove();
    floating.delete(anchor);
    onClose();
  }
  document.addEventListener("mousedown", outside, true);
  document.addEventListener("keydown", escape, true);
  document.addEventListener("scroll", scrolled, true);
  floating.set(anchor, close);
  return Object.assign(close, { moved: () => place(node, anchor, width) });
}

function arrows(event, node) {
  const items = [...node.querySelectorAll("[role=menuitem]")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !items.length) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}

/** A menu of `{text, hint, url, onPick}`, or headings `{heading}`. */
export function menu(anchor, items, label) {
  let close = () => {};
  const pick = (item) => () => {
    close();
    anchor.focus();
    item.onPick();
  };
  const row = (item) => item.heading
    ? h("div", { class: "menu-heading" }, item.heading)
    : h("button", { type: "button", role: "menuitem", class: "menu-item", onClick: pick(item) },
        h("span", {}, withEmoji(item.text)), item.hint && h("span", { class: "hint" }, item.hint));
  const node = h("div", { class: "menu", role: "menu", "aria-label": label }, items.map(row));
  node.addEventListener("keydown", (event) => arrows(event, node));
  close = float(anchor, node, { onClose: () => anchor.setAttribute("aria-expanded", "false") });
  anchor.setAttribute("aria-expanded", "true");
  node.querySelector("[role=menuitem]")?.focus();
}

/** Asks a Block Kit confirm object; resolves to true or false. */
export function confirmDialog(confirm) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const finish = (answer) => {
      document.removeEventListener("keydown", escape, true);
      cover.remove();
      before?.focus?.();
      resolve(answer);
    };
    const escape = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      finish(false);
    };
    const cover = dialog(confirm, finish);
    document.addEventListener("keydown", escape, true);
    layer().append(cover);
    cover.querySelector("[data-testid=confirm]").focus();
  });
}

function dialog(confirm, finish) {
  const [titleId, textId] = [freshId("confirm"), freshId("confirm")];
  const style = confirm.style === "danger" ? "button danger-solid" : "button primary";
  return h("div", { class: "cover confirm-cover" },
    h("div", { class: "confirm", role: "alertdialog", "aria-modal": "true", "aria-labelledby": titleId, "aria-describedby": textId },
      h("h2", { id: titleId }, withEmoji(confirm.title?.text ?? "Are you sure?")),
      h("p", { id: textId }, withEmoji(confirm.text?.text ?? "")),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "button", "data-testid": "deny", onClick: () => finish(false) }, withEmoji(confirm.deny?.text ?? "Cancel")),
        h("button", { type: "button", class: style, "data-testid": "confirm", onClick: () => finish(true) }, withEmoji(confirm.confirm?.text ?? "Yes")))));
}
