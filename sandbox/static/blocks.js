// Draws blocks. `ctx` says on which surface: {surface, target, errors, submit}.

import { chartNode } from "./charts.js";
import { freshId, h, safeUrl } from "./dom.js";
import { elementNode, textNode, words } from "./elements.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { link } from "./mrkdwn.js";
import { richInline, richText } from "./richtext.js";
import { viewer } from "./state.js";
import { dataTableNode, tableNode } from "./tables.js";

const picture = (each, name) => h("img", { class: name, src: safeUrl(each.image_url ?? each.slack_file?.url), alt: each.alt_text ?? "", loading: "lazy" });

function section(block, ctx) {
  const fields = block.fields && h("div", { class: "fields" }, block.fields.map((text) => h("div", { class: "field-text" }, textNode(text))));
  const accessory = block.accessory && h("div", { class: "accessory" }, elementNode(block.accessory, block, ctx));
  return [h("div", { class: "section-text" }, textNode(block.text), fields), accessory];
}

const actions = (block, ctx) => (block.elements ?? []).map((element) => elementNode(element, block, ctx));

const context = (block) => (block.elements ?? []).map((each) =>
  each.type === "image" ? picture(each, "context-image") : h("div", { class: "context-text" }, textNode(each)));

function imageBlock(block) {
  const title = block.title && h("figcaption", {}, textNode(block.title));
  return h("figure", {}, title, picture(block, "block-image"));
}

const GROUPS = ["radio_buttons", "checkboxes"];

function input(block, ctx) {
  const [id, labelId, noteId] = [freshId("field"), freshId("label"), freshId("note")];
  const error = ctx.errors?.[block.block_id];
  const described = { "aria-describedby": noteId, "aria-invalid": error ? "true" : null };
  const grouped = GROUPS.includes(block.element.type);
  const field = { ...described, id, labelledBy: labelId, "aria-required": block.optional ? null : "true" };
  delete field[grouped ? "id" : "labelledBy"];
  const label = h(grouped ? "div" : "label", { class: "label", id: labelId, for: grouped ? null : id }, words(block.label),
    block.optional && h("span", { class: "optional", "aria-hidden": "true" }, viewer().locale.startsWith("zh") ? "（可选）" : " (optional)"));
  const notes = h("div", { id: noteId, class: "notes" },
    error && h("div", { class: "error", role: "alert", "data-testid": "field-error" }, error),
    block.hint && h("div", { class: "hint" }, words(block.hint)));
  return [label, elementNode(block.element, block, ctx, field), notes];
}

const ICONS = { default: "reply", info: "info", warning: "warning", error: "warning", success: "success" };

const alert = (block) => [h("span", { class: "alert-icon", "aria-hidden": "true" }, icon(ICONS[block.level ?? "default"] ?? "reply")), h("div", {}, textNode(block.text))];

function card(block, ctx) {
  const icon = block.icon ?? (block.slack_icon && { image_url: block.slack_icon.url, alt_text: block.slack_icon.name });
  const head = h("div", { class: "card-head" }, icon && picture(icon, "card-icon"),
    h("div", {}, block.title && h("div", { class: "card-title" }, textNode(block.title)),
      block.subtitle && h("div", { class: "card-subtitle" }, textNode(block.subtitle))));
  return [
    block.hero_image && picture(block.hero_image, "card-hero"),
    (block.title || block.subtitle || icon) && head,
    block.body && h("div", { class: "card-body" }, textNode(block.body)),
    block.subtext && h("div", { class: "card-subtext" }, textNode(block.subtext)),
    block.actions && h("div", { class: "card-actions" }, block.actions.map((element) => elementNode(element, block, ctx))),
  ];
}

function container(block, ctx) {
  const title = block.rich_text_title ? richInline(block.rich_text_title) : words(block.title);
  const head = [block.icon && picture(block.icon, "card-icon"),
    h("div", {}, h("div", { class: "card-title" }, title), block.subtitle && h("div", { class: "card-subtitle" }, textNode(block.subtitle)))];
  const body = h("div", { class: "container-body" }, blocksNode(block.child_blocks ?? [], ctx));
  if (block.is_collapsible) return h("details", { open: !block.default_collapsed }, h("summary", { class: "card-head" }, head), body);
  return [h("div", { class: block.has_header_divider ? "card-head ruled" : "card-head" }, head), body];
}

const STATES = { pending: "○", in_progress: "◔", complete: "✓", error: "✕" };

const task = (each) => h("div", { class: `task-card task-${each.status}` }, h("span", { "aria-label": each.status }, STATES[each.status] ?? "○"),
  h("div", {}, h("div", { class: "card-title" }, each.title), each.details && richText(each.details), each.output && richText(each.output),
    (each.sources ?? []).map((source) => h("div", {}, link(source.url, source.text ?? source.url)))));

function video(block) {
  return h("figure", {}, h("figcaption", {}, link(block.title_url ?? block.video_url, words(block.title))), picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "block-image"));
}

const DRAW = {
  section, actions, context, input, alert, card, container, video,
  divider: () => h("hr", {}),
  header: (block) => h("h3", {}, words(block.text)),
  image: imageBlock,
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  table: tableNode,
  data_table: dataTableNode,
  data_visualization: chartNode,
  context_actions: actions,
  carousel: (block, ctx) => (block.elements ?? []).map((each) => blockNode({ ...each, type: "card", block_id: each.block_id ?? block.block_id }, ctx)),
  task_card: task,
  plan: (block) => [h("div", { class: "card-title" }, words(block.title)), (block.tasks ?? []).map(task)],
};

function blockNode(block, ctx) {
  const extra = [block.level && `level-${block.level}`, block.width && `width-${block.width}`, block.dispatch_action && "dispatches"];
  const name = ["block", `block-${block.type}`, ...extra.filter(Boolean)].join(" ");
  const draw = DRAW[block.type];
  return h("div", { class: name, "data-block-id": block.block_id }, draw ? draw(block, ctx) : h("span", { class: "unknown" }, `[${block.type}]`));
}

/** Draws a list of blocks. */
export function blocksNode(blocks, ctx) {
  return h("div", { class: "blocks" }, (blocks ?? []).map((block) => blockNode(block, ctx)));
}
