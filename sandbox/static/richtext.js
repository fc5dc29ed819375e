// The rich_text block.

import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { channelLink, dateNode, link, mention } from "./mrkdwn.js";

function withStyle(node, style = {}) {
  let styled = node;
  if (style.code) styled = h("code", {}, styled);
  if (style.bold) styled = h("strong", {}, styled);
  if (style.italic) styled = h("em", {}, styled);
  if (style.strike) styled = h("s", {}, styled);
  if (style.underline) styled = h("u", {}, styled);
  return styled;
}

const ELEMENTS = {
  text: (each) => each.text,
  link: (each) => link(each.url, each.text ?? each.url),
  emoji: (each) => h("span", { class: "emoji", role: "img", "aria-label": each.name }, emoji(each)),
  user: (each) => mention(each.user_id),
  channel: (each) => channelLink(each.channel_id),
  usergroup: () => h("span", { class: "mention" }, "@group"),
  broadcast: (each) => h("span", { class: "mention mention-me" }, `@${each.range}`),
  date: (each) => dateNode(each.timestamp, each.format ?? "{date_short}", each.url, each.fallback),
  color: (each) => h("span", {}, h("span", { class: "swatch", style: { background: each.value } }), each.value),
};

function emoji(each) {
  if (each.unicode) return String.fromCodePoint(...each.unicode.split("-").map((code) => parseInt(code, 16)));
  return EMOJI.get(each.name) ?? `:${each.name}:`;
}

const inlineNodes = (elements = []) =>
  elements.map((each) => withStyle(ELEMENTS[each.type]?.(each) ?? each.text ?? "", each.style));

function list(part) {
  const items = part.elements.map((each) => h("li", {}, inlineNodes(each.elements)));
  const tag = part.style === "ordered" ? "ol" : "ul";
  const props = { class: `rich-list depth-${(part.indent ?? 0) % 3}`, style: { marginLeft: `${(part.indent ?? 0) * 1.6}em` } };
  if (part.offset) props.start = part.offset + 1;
  return h(tag, props, items);
}

const PARTS = {
  rich_text_section: (part) => h("div", { class: "rich-section" }, inlineNodes(part.elements)),
  rich_text_list: list,
  rich_text_quote: (part) => h("blockquote", { class: "rich-quote" }, inlineNodes(part.elements)),
  rich_text_preformatted: (part) => h("pre", {}, inlineNodes(part.elements)),
};

/** Draws a rich_text block (or the cell of a table). */
export function richText(block) {
  return h("div", { class: "rich" }, (block.elements ?? []).map((part) => PARTS[part.type]?.(part)));
}

/** Draws inline rich text, as in a container's rich title. */
export function richInline(block) {
  const parts = block.elements ?? [];
  return parts.flatMap((part) => (part.elements ? inlineNodes(part.elements) : inlineNodes([part])));
}
