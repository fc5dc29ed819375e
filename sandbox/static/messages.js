// The list of messages of a channel, a DM or a thread.

import { blocksNode } from "./blocks.js";
import { fingerprint, h, reconcile } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { menu } from "./popup.js";
import { act, appOfBot, now, openThread, person, store, viewer } from "./state.js";
import { clockTime, dayHeading, fullTime, isoDate } from "./time.js";

const COLORS = ["#4a6fa5", "#7a5c99", "#2f8f6f", "#b5651d", "#a8435f", "#3d7f8f", "#6b7a1f", "#8a4fbf"];
const instantOf = (message) => Number(message.ts) * 1000;

/** A coloured square with a person's or app's first letters. */
export function avatar(name, id, isApp = false) {
  const hue = [...String(id)].reduce((sum, sign) => Math.imul(sum ^ sign.codePointAt(0), 16777619) >>> 0, 2166136261) >>> 7;
  const words = name.trim().split(/\s+/);
  const letters = /\p{Script=Han}/u.test(name) ? [...name][0] : words.slice(0, 2).map((word) => [...word][0] ?? "").join("");
  return h("span", { class: isApp ? "avatar app" : "avatar", "aria-hidden": "true", style: { background: COLORS[hue % COLORS.length] } }, letters.toUpperCase());
}

function authorOf(message) {
  const app = appOfBot(message);
  const found = person(message.user);
  return { name: message.username ?? app?.name ?? found?.name ?? message.user ?? "app", isApp: Boolean(app || message.bot_id), id: message.user };
}

function size(bytes) {
  if (bytes === undefined) return "";
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function fileNode(file) {
  const about = [file.pretty_type ?? file.filetype, size(file.size)].filter(Boolean).join(" · ");
  const name = h("span", { class: "file-name" }, file.title || file.name);
  return h("div", { class: "file-card", "data-testid": "file" }, h("span", { class: "file-icon", "aria-hidden": "true" }, icon("file", 26)), h("div", {}, name, h("div", { class: "hint" }, about)));
}

const reactionNode = (each) =>
  h("span", { class: "reaction", title: `:${each.name}:` }, EMOJI.get(each.name) ?? `:${each.name}:`, ` ${each.count ?? each.users?.length ?? 1}`);

function body(message, channelId) {
  const ctx = { surface: `message ${channelId} ${message.ts}`, target: { channel: channelId, ts: message.ts } };
  const content = message.blocks?.length ? blocksNode(message.blocks, ctx) : message.text ? mrkdwn(message.text) : null;
  const edited = message.edited && !message.bot_id && h("span", { class: "edited" }, "(edited)");
  return [
    content, edited,
    (message.attachments ?? []).map((each) => attachmentNode(each, ctx)),
    message.files?.length ? h("div", { class: "file-list" }, message.files.map(fileNode)) : null,
    message.reactions?.length ? h("div", { class: "reactions" }, message.reactions.map(reactionNode)) : null,
  ];
}

function attachmentNode(each, ctx) {
  const color = /^#[0-9a-f]{6}$/i.test(each.color ?? "") ? each.color : "#ddd";
  const title = each.title && h("strong", {}, each.title);
  return h("div", { class: "attachment", style: { borderLeftColor: color } }, title, each.blocks ? blocksNode(each.blocks, ctx) : mrkdwn(each.text ?? each.fallback ?? ""));
}

function tools(message, channelId, inThread) {
  if (message.ephemeral) return null;
  const shortcuts = store.data.apps.flatMap((app) => (app.shortcuts ?? []).filter((each) => each.type === "message")
    .map((each) => ({ text: each.name, hint: app.name, onPick: () => act({ do: "message_shortcut", callback_id: each.callback_id, channel: channelId, ts: message.ts }) })));
  const more = h("button", { type: "button", class: "tool", "aria-label": "More actions", "aria-haspopup": "menu" }, icon("more", 16));
  more.addEventListener("click", () => menu(more, shortcuts.length ? shortcuts : [{ heading: "No message shortcuts" }], "More actions"));
  const reply = h("button", { type: "button", class: "tool", "aria-label": "Reply in thread", onClick: () => openThread(message.ts) }, icon("reply", 16));
  return h("div", { class: "tools" }, inThread ? null : reply, more);
}

function threadLink(message, inThread) {
  if (inThread || !message.reply_count) return null;
  const label = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return h("button", { type: "button", class: "thread-link", onClick: () => openThread(message.ts) }, label);
}

function head(message, author) {
  const ms = instantOf(message);
  return h("div", { class: "message-head" }, h("span", { class: "author" }, author.name), author.isApp && h("span", { class: "badge" }, "APP"),
    h("time", { class: "when", title: fullTime(ms, viewer()), datetime: new Date(ms).toISOString() }, clockTime(ms, viewer())));
}

function messageNode(message, { compact, channelId, inThread }) {
  const author = authorOf(message);
  const time = clockTime(instantOf(message), viewer());
  const names = ["message", compact && "compact", message.ephemeral && "ephemeral"].filter(Boolean).join(" ");
  const gutter = compact ? h("span", { class: "gutter when" }, time) : avatar(author.name, author.id, author.isApp);
  return h("article", { class: names, "data-testid": "message", "data-ts": message.ts, "aria-label": `${author.name}, ${time}` },
    gutter, h("div", { class: "message-main" },
      message.ephemeral && h("div", { class: "only-you" }, icon("eye", 14), " Only visible to you"),
      compact ? null : head(message, author), h("div", { class: "message-body" }, body(message, channelId)), threadLink(message, inThread)),
    tools(message, channelId, inThread));
}

function follows(message, before) {
  if (!before || before.user !== message.user || before.ephemeral !== message.ephemeral) return false;
  return instantOf(message) - instantOf(before) < 300000;
}

// Day headings and the "New" line are rows of their own between the messages.
function rows(messages, fresh) {
  const zone = viewer().tz;
  const list = [];
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    const day = isoDate(instantOf(message), zone);
    const newDay = !before || isoDate(instantOf(before), zone) !== day;
    const first = fresh > 0 && index === messages.length - fresh;
    if (newDay) list.push({ day: instantOf(message), key: `day ${day}` });
    if (first) list.push({ fresh: true, key: "new" });
    list.push({ message, key: message.ts, compact: !newDay && !first && follows(message, before) });
  });
  return list;
}

function rowNode(row, where) {
  if (row.fresh) return h("div", { class: "new-line", role: "separator" }, h("span", {}, "New"));
  if (row.day) return h("div", { class: "day-line", role: "separator" }, h("span", {}, dayHeading(row.day, viewer(), now())));
  return messageNode(row.message, { ...where, compact: row.compact });
}

/** Draws messages into `host` (role log), keeping the view at the end when it was there. */
export function drawMessages(host, messages, { channelId, inThread = false, fresh = 0 }) {
  const { id, tz, locale } = viewer();
  const today = isoDate(now(), tz);
  const stuck = host.scrollHeight - host.scrollTop - host.clientHeight < 60;
  const shortcuts = store.data.apps.map((app) => app.shortcuts);
  const drawn = reconcile(host, rows(messages, fresh), {
    key: (row) => row.key,
    print: (row) => fingerprint(row.message ? { ...row, message: { ...row.message, inputs: null } } : row, id, tz, locale, today, row.message ? shortcuts : null),
    build: (row) => rowNode(row, { channelId, inThread }),
  });
  if (drawn && stuck) host.scrollTop = host.scrollHeight;
}
