// Slack's mrkdwn as DOM nodes.

import { h, safeUrl } from "./dom.js";
import { EMOJI, withEmoji } from "./emoji.js";
import { channel, nameOf, now, openChannel, store, viewer } from "./state.js";
import { dateTokens } from "./time.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}_]/u;

/** `&lt;` back to `<`, as Slack's three escapes ask. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A person's name as a mention. */
export function mention(id) {
  return h("span", { class: id === store.me ? "mention mention-me" : "mention", "data-user": id }, `@${nameOf(id)}`);
}

/** A channel's name as a link to it. */
export function channelLink(id, label) {
  const found = channel(id);
  const name = `#${found?.name ?? label ?? "private channel"}`;
  return found ? h("button", { class: "mention link-button", type: "button", onClick: () => openChannel(id) }, name)
    : h("span", { class: "mention" }, name);
}

/** A link, or its plain text where the address is not one to follow. */
export function link(url, children) {
  const address = safeUrl(url);
  return address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, children) : h("span", {}, children);
}

/** A `<!date^…>`; `fallback` when the instant is not one. */
export function dateNode(seconds, format, url, fallback) {
  const ms = Number(seconds) * 1000;
  if (!Number.isFinite(ms)) return fallback ?? "";
  const text = dateTokens(format, ms, viewer(), now());
  const node = h("time", { datetime: new Date(ms).toISOString(), title: new Date(ms).toISOString() }, text);
  return url ? link(url, [node]) : node;
}

function special(body, label) {
  if (body.startsWith("date^")) {
    const [, seconds, format = "", url] = body.split("^");
    return dateNode(seconds, unescape(format), url, label);
  }
  if (body.startsWith("subteam^")) return h("span", { class: "mention" }, label ?? "@group");
  return h("span", { class: "mention mention-me" }, `@${body.split("^")[0]}`);
}

function entity(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : unescape(inside.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelLink(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  const url = unescape(target);
  if (!safeUrl(url)) return `<${unescape(inside)}>`;
  return link(url, label === undefined ? url.replace(/^mailto:/, "") : inline(inside.slice(bar + 1)));
}

function sticky(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const ENTITY = /<([^<>\n]+)>/y;
const CODE = /`([^`\n]+)`/y;
const EMOJI_NAME = /:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/y;
const BARE_URL = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?，。；：！？)）]/y;

// Bold, italic and strike need a non-word character, or nothing, on their outer sides; Chinese characters are letters.
function styled(text, at) {
  const mark = text[at];
  if (at > 0 && WORD.test(text[at - 1]) && text[at - 1] !== "_") return null;
  if (/[\s*_~]/.test(text[at + 1] ?? " ") && text[at + 1] === mark) return null;
  if (/\s/.test(text[at + 1] ?? " ")) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    const inside = text.slice(at + 1, end);
    if (inside.includes("\n")) return null;
    const after = text[end + 1] ?? " ";
    if (!/\s$/.test(inside) && !(WORD.test(after) && after !== "_")) {
      return { node: h(STYLES[mark], {}, inline(inside)), end: end + 1 };
    }
  }
  return null;
}

function piece(text, at) {
  const sign = text[at];
  let hit = null;
  if (sign === "<" && (hit = sticky(ENTITY, text, at))) return { node: entity(hit[1]), end: at + hit[0].length };
  if (sign === "`" && (hit = sticky(CODE, text, at))) {
    return { node: h("code", {}, codeText(hit[1])), end: at + hit[0].length };
  }
  if (sign in STYLES) return styled(text, at);
  if (sign === ":" && (hit = sticky(EMOJI_NAME, text, at)) && EMOJI.has(hit[1])) {
    const node = h("span", { class: "emoji", role: "img", "aria-label": hit[1] }, EMOJI.get(hit[1]));
    return { node, end: at + hit[0].length };
  }
  if (sign === "h" && !WORD.test(text[at - 1] ?? " ") && (hit = sticky(BARE_URL, text, at))) {
    return { node: link(unescape(hit[0]), unescape(hit[0])), end: at + hit[0].length };
  }
  return null;
}

const codeText = (text) => unescape(text.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, target, label) => label ?? target));

/** One run of mrkdwn without blocks: a list of nodes and strings. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(unescape(plain));
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    const found = piece(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

const QUOTE = /^(?:&gt;|>)\s?/;
const ITEM = /^(\s*)([•◦▪-]|\d+[.)])\s+(.*)$/;

function lineNode(line) {
  const item = ITEM.exec(line);
  if (!item) return line === "" ? h("div", { class: "blank" }) : h("div", {}, inline(line));
  const mark = item[2] === "-" ? "-" : item[2];
  const indent = `${Math.min(item[1].length, 8) * 0.5}em`;
  return h("div", { class: "item", style: { marginLeft: indent } }, h("span", { class: "bullet" }, mark), h("span", {}, inline(item[3])));
}

function lines(text) {
  const nodes = [];
  let quote = null;
  for (const line of text.split("\n")) {
    if (QUOTE.test(line)) {
      if (!quote) nodes.push((quote = h("blockquote", {})));
      quote.append(lineNode(line.replace(/^(?:&gt;|>){3}/, "").replace(QUOTE, "")));
    } else {
      quote = null;
      nodes.push(lineNode(line));
    }
  }
  return nodes;
}

/** A whole mrkdwn text: quotes, list lines, ```pre``` and everything inline. */
export function mrkdwn(text) {
  const nodes = [];
  String(text ?? "").split(/```\n?([\s\S]+?)\n?```/).forEach((part, index) => {
    if (index % 2) nodes.push(h("pre", {}, codeText(part)));
    else if (part !== "") nodes.push(...lines(part.replace(/^\n/, index ? "" : "\n").replace(/\n$/, "")));
  });
  return h("div", { class: "mrkdwn" }, nodes);
}

/** The text as a notification shows it: mentions and links by name, marks left as they are. */
export function plainText(text) {
  const named = String(text ?? "").replace(/<([^<>\n]+)>/g, (_, inside) => {
    const node = entity(inside);
    return typeof node === "string" ? node : node.textContent;
  });
  return withEmoji(unescape(named));
}
