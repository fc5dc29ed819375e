// Channels, direct messages and apps, with unread marks.

import { fingerprint, h, redraw } from "./dom.js";
import { avatar } from "./messages.js";
import { openChannel, openHome, store } from "./state.js";

function entry({ label, icon, unread, current, onClick, kind }) {
  const count = unread ? h("span", { class: "unread-count", "aria-label": `${unread} unread` }, String(unread)) : null;
  const name = ["entry", unread && "unread", current && "current"].filter(Boolean).join(" ");
  return h("li", {}, h("button", { type: "button", class: name, "aria-current": current ? "page" : null, "data-kind": kind, "data-testid": `place-${label}`, onClick },
    h("span", { class: "entry-icon", "aria-hidden": "true" }, icon), h("span", { class: "entry-name" }, label), count));
}

const isHere = (id) => store.place?.kind === "channel" && store.place.id === id;

const room = (each) => entry({
  label: each.name, icon: each.kind === "channel" ? "#" : avatar(each.name, each.with ?? each.id), kind: each.kind,
  unread: each.unread, current: isHere(each.id), onClick: () => openChannel(each.id),
});

function appEntry(app) {
  const dm = store.data.channels.find((each) => each.app === app.id);
  const here = (store.place?.kind === "home" && store.place.app === app.id) || (dm && isHere(dm.id));
  const open = () => (dm?.unread ? openChannel(dm.id) : openHome(app.id));
  return entry({ label: app.name, icon: avatar(app.name, app.bot_user, true), kind: "app", unread: dm?.unread, current: here, onClick: open });
}

function group(title, items) {
  return items.length ? h("section", {}, h("h2", {}, title), h("ul", {}, items)) : null;
}

/** Draws the sidebar. */
export function drawSidebar(host) {
  const { channels, apps, team } = store.data;
  const kept = apps.map(({ id, name }) => [id, name]);
  redraw(host, fingerprint(channels, kept, store.place, store.me), () => h("div", { class: "sidebar-inner", "data-scroll": "sidebar" },
    h("div", { class: "team-name" }, team.name),
    group("Channels", channels.filter((each) => each.kind === "channel").map(room)),
    group("Direct messages", channels.filter((each) => each.kind !== "channel" && !each.app).map(room)),
    group("Apps", apps.map(appEntry))));
}
