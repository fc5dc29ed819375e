// Notifications with exactly the words Slack would push, and sentences of the sandbox itself.

import { h, reconcile } from "./dom.js";
import { plainText } from "./mrkdwn.js";
import { act, channel, dropNotice, openChannel, store } from "./state.js";

const SHOWN = 4;
const SECONDS = 12;
const timers = new Map();
const passed = new Set(); // ids that newer ones have pushed out; they do not come back

// Two pages of one person may both let go of a toast; the second is told nothing.
const dismiss = (toast) => act({ do: "dismiss", toast: toast.id }, { quiet: true });

function open(toast) {
  dismiss(toast);
  if (channel(toast.channel)) openChannel(toast.channel);
}

function toastNode(toast) {
  const text = plainText(toast.text);
  return h("div", { class: "toast", role: "status", "data-testid": "toast" },
    h("div", { class: "toast-main", onClick: () => open(toast) },
      h("div", { class: "toast-title" }, toast.title), h("div", { class: "toast-text", "data-testid": "toast-text" }, text)),
    h("button", { type: "button", class: "tool", "aria-label": "Dismiss", onClick: () => dismiss(toast) }, "×"));
}

function noticeNode(notice) {
  return h("div", { class: "toast notice", role: "alert", "data-testid": "notice" }, h("span", { class: "toast-text" }, notice.text),
    h("button", { type: "button", class: "tool", "aria-label": "Dismiss", onClick: () => dropNotice(notice.id) }, "×"));
}

function leave(toast) {
  timers.delete(toast.id);
  if (store.data.toasts.some((each) => each.id === toast.id)) dismiss(toast);
}

function time(toasts) {
  for (const toast of toasts) {
    if (!timers.has(toast.id)) timers.set(toast.id, setTimeout(() => leave(toast), SECONDS * 1000));
  }
}

/** Draws the newest notifications; each leaves by itself after a while. */
export function drawToasts(host) {
  const waiting = (store.data?.toasts ?? []).filter((toast) => !passed.has(toast.id));
  const toasts = waiting.slice(-SHOWN);
  for (const toast of waiting.slice(0, -SHOWN)) passed.add(toast.id);
  time(toasts);
  const rows = [...toasts.map((toast) => ({ toast })), ...store.notices.map((notice) => ({ notice }))];
  reconcile(host, rows, {
    key: ({ toast, notice }) => (toast ?? notice).id,
    print: () => "",
    build: ({ toast, notice }) => (toast ? toastNode(toast) : noticeNode(notice)),
  });
}
