// The stack of modals: the top one is shown, with errors under its fields.

import { blocksNode } from "./blocks.js";
import { fingerprint, freshId, h, redraw } from "./dom.js";
import { words } from "./elements.js";
import { avatar } from "./messages.js";
import { act, app, changed, store, typed, viewer } from "./state.js";

const surface = (view) => `modal ${view.id}`;

async function submit(view) {
  if (store.sending.has(view.id)) return;
  store.sending.add(view.id);
  changed();
  const answer = await act({ do: "submit", view_id: view.id, state: typed(surface(view)) });
  store.sending.delete(view.id);
  changed();
  if (answer) document.querySelector("#modals [aria-invalid=true]")?.focus();
}

const close = (view) => act({ do: "close", view_id: view.id });

function headNode(view, titleId, depth) {
  const owner = app(view.app_id);
  const back = depth > 1 ? h("button", { type: "button", class: "tool", "aria-label": "Back", onClick: () => close(view) }, "‹") : null;
  return h("header", { class: "modal-head" }, back, owner && avatar(owner.name, owner.bot_user, true), h("h2", { id: titleId }, words(view.title)),
    h("button", { type: "button", class: "tool close", "aria-label": "Close", onClick: () => close(view) }, "×"));
}

function footNode(view, sending) {
  const leave = h("button", { type: "button", class: "button", "data-testid": "modal-close", disabled: sending, onClick: () => close(view) }, words(view.close) || "Cancel");
  const go = view.submit && h("button", {
    type: "button", class: sending ? "button primary busy" : "button primary", "data-testid": "modal-submit", disabled: sending, "aria-busy": String(sending),
    onClick: () => submit(view),
  }, words(view.submit));
  return h("footer", { class: "modal-foot" }, leave, go);
}

/** Esc closes the top modal, wherever the focus is; true when there was one. */
export function escapeModal() {
  const view = store.data.modals.at(-1);
  if (view && !store.sending.has(view.id)) close(view);
  return Boolean(view);
}

function build(view, errors, sending, depth) {
  const titleId = freshId("modal");
  const ctx = { surface: surface(view), target: { view_id: view.id }, errors, submit: () => view.submit && submit(view) };
  const problem = Object.keys(errors).length > 0 && !view.blocks.some((block) => block.block_id in errors);
  const body = h("div", { class: "modal-body", "data-scroll": view.id, inert: sending, "aria-busy": String(sending) },
    problem && h("div", { class: "error", role: "alert" }, Object.values(errors).join(" ")), blocksNode(view.blocks, ctx));
  return h("div", { class: "cover" }, h("div", { class: "modal", role: "dialog", "aria-modal": "true", "aria-labelledby": titleId, "data-view-id": view.id, "data-callback-id": view.callback_id, tabindex: "-1" },
    headNode(view, titleId, depth), body, footNode(view, sending)));
}

function focusFirst(host) {
  const first = host.querySelector("[data-focus]") ?? host.querySelector(".modal-body input:not([type=file]), .modal-body textarea") ?? host.querySelector("[data-testid=modal-submit]");
  (first ?? host.querySelector(".modal")).focus();
}

let shown = null;
let returnTo = null;

/** Draws the top modal of the stack, or none. */
export function drawModals(host, background) {
  const stack = store.data.modals;
  const view = stack[stack.length - 1];
  background.inert = Boolean(view);
  if (!view) {
    redraw(host, "", () => []);
    if (shown) returnTo?.focus?.();
    shown = null;
    return;
  }
  if (!shown) returnTo = document.activeElement;
  const errors = view.errors ?? {};
  const sending = store.sending.has(view.id) || view.loading === true;
  const { tz, locale } = viewer();
  const print = fingerprint({ ...view, state: null, hash: null, errors: null, loading: null }, errors, sending, stack.length, tz, locale);
  redraw(host, print, () => build(view, errors, sending, stack.length));
  if (shown !== view.id) focusFirst(host);
  shown = view.id;
}
