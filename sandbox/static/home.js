// The middle of the page: a channel, a DM, or an app's Home and Messages tabs; and the thread beside it.

import { blocksNode } from "./blocks.js";
import { composer, dropTarget } from "./composer.js";
import { fingerprint, h, redraw } from "./dom.js";
import { avatar, drawMessages } from "./messages.js";
import { app, channel, changed, openHome, openMessages, store, viewer } from "./state.js";

function tabs(id, current) {
  const tab = (name, open) => h("button", {
    type: "button", role: "tab", class: "tab", "aria-selected": String(name === current), onClick: () => open(id),
  }, name);
  return h("div", { class: "tabs", role: "tablist" }, tab("Home", openHome), tab("Messages", openMessages));
}

function appHead(id, current) {
  const found = app(id);
  const away = found.connected === false && h("span", { class: "away" }, "not connected");
  return h("header", { class: "place-head app-head" }, h("div", { class: "place-name" }, avatar(found.name, found.bot_user, true), h("h1", {}, found.name), away), tabs(id, current));
}

const channelHead = (room) => h("header", { class: "place-head" }, h("div", { class: "place-name" }, h("h1", {}, room.kind === "channel" ? `# ${room.name}` : room.name)));

function drawHome(main, id) {
  const { home, connected, name } = app(id);
  const { tz, locale } = viewer();
  const seen = home && { ...home, state: null, hash: null };
  redraw(main, fingerprint("home", id, seen, connected, store.me, tz, locale), () => {
    const ctx = home && { surface: `home ${home.id}`, target: { view_id: home.id } };
    const empty = h("p", { class: "empty" }, `${name} has not put anything here yet.`);
    return [appHead(id, "Home"), h("div", { class: "home", "data-testid": "home", "data-scroll": "home" }, home ? blocksNode(home.blocks, ctx) : empty)];
  });
}

function buildRoom(room) {
  const name = room.kind === "channel" ? `#${room.name}` : room.name;
  const field = composer({ channel: room.id, name });
  const log = h("div", { class: "log", role: "log", "aria-label": `Messages in ${room.name}`, "data-testid": "messages", tabindex: "0" });
  const pane = h("div", { class: "room" }, log, field);
  dropTarget(pane, field);
  return [room.app ? appHead(room.app, "Messages") : channelHead(room), pane];
}

function drawRoom(main, room) {
  const connected = room.app ? app(room.app)?.connected : null;
  const fresh = redraw(main, fingerprint("room", room.id, room.name, connected, store.me), () => buildRoom(room));
  const log = main.querySelector(".log");
  drawMessages(log, store.messages, { channelId: room.id, fresh: store.newSince });
  if (fresh) log.scrollTop = log.scrollHeight;
}

/** Draws the middle. */
export function drawMain(main) {
  const { place } = store;
  if (place.kind === "home") drawHome(main, place.app);
  else drawRoom(main, channel(place.id));
}

function closeThread() {
  store.thread = null;
  changed();
}

function buildThread(room) {
  const field = composer({ channel: room.id, name: room.name, thread: store.thread });
  const pane = h("div", { class: "room" }, h("div", { class: "log", role: "log", "aria-label": "Thread", "data-testid": "thread" }), field);
  dropTarget(pane, field);
  return [
    h("header", { class: "side-head" }, h("h2", {}, "Thread"), h("button", { type: "button", class: "tool", "aria-label": "Close thread", onClick: closeThread }, "×")),
    pane,
  ];
}

/** Draws the open thread beside the channel. */
export function drawThread(side) {
  side.hidden = !store.thread || store.place.kind !== "channel";
  if (side.hidden) {
    redraw(side, "", () => []);
    return;
  }
  const room = channel(store.place.id);
  redraw(side, fingerprint(store.me, room.id, store.thread), () => buildThread(room));
  drawMessages(side.querySelector(".log"), store.replies, { channelId: room.id, inThread: true });
}
