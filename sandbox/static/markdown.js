// The markdown block: the everyday part of CommonMark with tables and task lists.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./mrkdwn.js";

const INLINE = [
  [/^`([^`]+)`/, (hit) => h("code", {}, hit[1])],
  [/^!?\[([^\]]*)\]\(([^)\s]+)(?:\s+"[^"]*")?\)/, (hit) => link(hit[2], inline(hit[1] || hit[2]))],
  [/^\*\*(?=\S)([\s\S]*?\S)\*\*/, (hit) => h("strong", {}, inline(hit[1]))],
  [/^__(?=\S)([\s\S]*?\S)__/, (hit) => h("strong", {}, inline(hit[1]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (hit) => h("s", {}, inline(hit[1]))],
  [/^\*(?=[^\s*])([^*]*[^\s*])\*/, (hit) => h("em", {}, inline(hit[1]))],
  [/^_(?=[^\s_])([^_]*[^\s_])_(?![\p{L}\p{N}])/u, (hit) => h("em", {}, inline(hit[1]))],
  [/^<(https?:[^>\s]+)>/, (hit) => link(hit[1], hit[1])],
  [/^https?:\/\/[^\s<>)]*[^\s<>).,;:!?]/, (hit) => link(hit[0], hit[0])],
  [/^\\([\\`*_{}[\]()#+.!|>~-])/, (hit) => hit[1]],
];

function inline(text) {
  const nodes = [];
  let plain = "";
  for (let rest = text; rest;) {
    const found = INLINE.map(([pattern, make]) => [pattern.exec(rest), make]).find(([hit]) => hit);
    if (found) {
      nodes.push(withEmoji(plain), found[1](found[0]));
      plain = "";
      rest = rest.slice(found[0][0].length);
    } else {
      plain += rest[0];
      rest = rest.slice(1);
    }
  }
  nodes.push(withEmoji(plain));
  return nodes;
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
const RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function table(rows) {
  const aligns = cells(rows[1]).map((cell) => (cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "right") : "left"));
  const row = (line, tag) =>
    h("tr", {}, cells(line).map((cell, index) => h(tag, { style: { textAlign: aligns[index] ?? "left" } }, inline(cell))));
  const body = rows.slice(2).map((line) => row(line, "td"));
  return h("div", { class: "table-scroll" }, h("table", { class: "grid" }, h("thead", {}, row(rows[0], "th")), h("tbody", {}, body)));
}

function item(text) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  if (!task) return h("li", {}, inline(text));
  const done = task[1] !== " ";
  return h("li", { class: "task" }, h("input", { type: "checkbox", checked: done, disabled: true, "aria-label": task[2] }), " ", inline(task[2]));
}

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

function list(rows) {
  const first = ITEM.exec(rows[0]);
  const ordered = /\d/.test(first[2]);
  const depth = first[1].length;
  const root = h(ordered ? "ol" : "ul", { start: ordered ? parseInt(first[2], 10) : null });
  for (let at = 0; at < rows.length;) {
    let end = at + 1;
    while (end < rows.length && ITEM.exec(rows[end])[1].length > depth) end += 1;
    const node = item(ITEM.exec(rows[at])[3]);
    if (end > at + 1) node.append(list(rows.slice(at + 1, end)));
    root.append(node);
    at = end;
  }
  return root;
}

function takeWhile(rows, from, test) {
  let end = from;
  while (end < rows.length && test(rows[end])) end += 1;
  return rows.slice(from, end);
}

function fence(rows, at) {
  const body = takeWhile(rows, at + 1, (line) => !line.startsWith("```"));
  return [h("pre", {}, body.join("\n")), at + body.length + 2];
}

const BLOCK = /^(#{1,6}\s|>|```|(\s*)([-*+]|\d+[.)])\s)|^\s*$|^(-{3,}|\*{3,}|_{3,})\s*$/;

function next(rows, at) {
  const line = rows[at];
  if (!line.trim()) return [null, at + 1];
  if (line.startsWith("```")) return fence(rows, at);
  const heading = /^#{1,6}\s+(.*)$/.exec(line);
  if (heading) return [h("p", { class: "heading" }, inline(heading[1])), at + 1];
  if (/^(-{3,}|\*{3,}|_{3,})\s*$/.test(line)) return [h("hr", {}), at + 1];
  if (line.startsWith(">")) {
    const body = takeWhile(rows, at, (each) => each.startsWith(">"));
    return [h("blockquote", {}, blocks(body.map((each) => each.replace(/^>\s?/, "")))), at + body.length];
  }
  if (ITEM.test(line)) {
    const body = takeWhile(rows, at, (each) => ITEM.test(each));
    return [list(body), at + body.length];
  }
  if (line.includes("|") && RULE.test(rows[at + 1] ?? "")) {
    const body = takeWhile(rows, at, (each) => each.includes("|"));
    return [table(body), at + body.length];
  }
  const body = [line, ...takeWhile(rows, at + 1, (each) => !BLOCK.test(each))];
  return [h("p", {}, inline(body.join("\n"))), at + body.length];
}

function blocks(rows) {
  const nodes = [];
  for (let at = 0; at < rows.length;) {
    const [node, end] = next(rows, at);
    if (node) nodes.push(node);
    at = end;
  }
  return nodes;
}

/** Draws markdown text. */
export function markdown(text) {
  return h("div", { class: "markdown" }, blocks(String(text ?? "").split("\n")));
}
