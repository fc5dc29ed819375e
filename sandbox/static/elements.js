// The interactive elements of Block Kit: what stands in them, and what happens when they change.

import { combobox } from "./combobox.js";
import { h, safeUrl } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { fileField, textField } from "./fields.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { confirmDialog, menu } from "./popup.js";
import { act, fieldKey, form, store, typed, viewer } from "./state.js";
import { instant, isoMinute } from "./time.js";

/** A text object: plain_text with emoji, or mrkdwn. */
export function textNode(text) {
  if (!text) return null;
  if (typeof text === "string") return withEmoji(text);
  return text.type === "mrkdwn" ? mrkdwn(text.text) : h("span", { class: "plain" }, withEmoji(text.text));
}

/** The plain words of a text object. */
export const words = (text) => withEmoji(typeof text === "string" ? text : (text?.text ?? ""));

const tell = (element, block, ctx, value) =>
  act({ do: "press", ...ctx.target, block_id: block.block_id, action_id: element.action_id, value, state: typed(ctx.surface) });

/** Sends a block_actions for one element, after its confirm dialog. */
async function press(element, block, ctx, value, onStart = () => {}) {
  if (element.confirm && !(await confirmDialog(element.confirm))) return;
  onStart();
  await tell(element, block, ctx, value);
}

const INITIAL = {
  plain_text_input: (e) => e.initial_value ?? "",
  email_text_input: (e) => e.initial_value ?? "",
  url_text_input: (e) => e.initial_value ?? "",
  number_input: (e) => e.initial_value ?? "",
  rich_text_input: (e) => e.initial_value ?? null,
  static_select: (e) => e.initial_option?.value ?? null,
  external_select: (e) => e.initial_option?.value ?? null,
  radio_buttons: (e) => e.initial_option?.value ?? null,
  checkboxes: (e) => (e.initial_options ?? []).map((option) => option.value),
  multi_static_select: (e) => (e.initial_options ?? []).map((option) => option.value),
  users_select: (e) => e.initial_user ?? null,
  multi_users_select: (e) => e.initial_users ?? [],
  conversations_select: (e) => e.initial_conversation ?? null,
  multi_conversations_select: (e) => e.initial_conversations ?? [],
  channels_select: (e) => e.initial_channel ?? null,
  multi_channels_select: (e) => e.initial_channels ?? [],
  datepicker: (e) => e.initial_date ?? "",
  timepicker: (e) => e.initial_time ?? "",
  datetimepicker: (e) => e.initial_date_time ?? null,
  file_input: () => [],
};

/** What an element holds now: what was typed, else its initial value. */
export function valueOf(element, block, ctx) {
  const key = fieldKey(block.block_id, element.action_id);
  const values = form(ctx.surface);
  return values.has(key) ? values.get(key) : INITIAL[element.type]?.(element);
}

/** Remembers a value; tells the app where the element asks for that. */
export async function change(element, block, ctx, value) {
  const values = form(ctx.surface);
  const key = fieldKey(block.block_id, element.action_id);
  const before = values.has(key) ? values.get(key) : undefined;
  values.set(key, value);
  if (block.type === "input" && !block.dispatch_action) return;
  if (element.confirm && !(await confirmDialog(element.confirm))) {
    if (before === undefined) values.delete(key);
    else values.set(key, before);
    ctx.undo?.();
    return;
  }
  await tell(element, block, ctx, value);
}

function button(element, block, ctx) {
  const style = { primary: "button primary", danger: "button danger" }[element.style] ?? "button";
  const node = h("button", {
    type: "button", class: style, "data-action": element.action_id, "data-key": `${block.block_id} ${element.action_id}`,
    "aria-label": element.accessibility_label,
  }, words(element.text));
  node.addEventListener("click", async () => {
    const url = safeUrl(element.url);
    if (url) window.open(url, "_blank", "noopener");
    const busy = (on) => {
      node.classList.toggle("busy", on);
      node.disabled = on;
    };
    await press(element, block, ctx, undefined, () => busy(true));
    busy(false);
  });
  return node;
}

function overflow(element, block, ctx) {
  const pick = (option) => () => {
    const url = safeUrl(option.url);
    if (url) window.open(url, "_blank", "noopener");
    press(element, block, ctx, option.value);
  };
  const items = (element.options ?? []).map((option) => ({
    text: words(option.text), hint: option.description && words(option.description), onPick: pick(option),
  }));
  const node = h("button", { type: "button", class: "button icon", "aria-label": "More options", "aria-haspopup": "menu", "data-action": element.action_id }, "⋯");
  node.addEventListener("click", () => menu(node, items, "More options"));
  return node;
}

function choices(element, block, ctx, field) {
  const many = element.type === "checkboxes";
  const held = valueOf(element, block, ctx);
  const name = `${ctx.surface} ${block.block_id} ${element.action_id}`;
  const row = (option) => {
    const box = h("input", {
      type: many ? "checkbox" : "radio", name, checked: many ? held.includes(option.value) : held === option.value,
      "data-value": option.value, "data-key": `${name} ${option.value}`,
    });
    return h("label", { class: "choice" }, box, h("span", { class: "choice-text" }, textNode(option.text),
      option.description && h("span", { class: "hint" }, textNode(option.description))));
  };
  const node = h("div", { class: "choices", role: many ? "group" : "radiogroup", "aria-labelledby": field.labelledBy, "aria-describedby": field["aria-describedby"] },
    (element.options ?? []).map(row));
  node.addEventListener("change", () => {
    const on = [...node.querySelectorAll("input:checked")].map((box) => box.dataset.value);
    change(element, block, ctx, many ? on : (on[0] ?? null));
  });
  return node;
}

const people = () => store.data.people.filter((each) => !each.deleted && !each.bot)
  .map((each) => ({ value: each.id, text: each.name, description: each.title }));
const channels = (kinds) => store.data.channels.filter((each) => kinds.includes(each.kind))
  .map((each) => ({ value: each.id, text: each.kind === "channel" ? `# ${each.name}` : each.name }));
const option = (each) => ({ value: each.value, text: words(each.text), description: each.description && words(each.description) });

function groupsOf(element) {
  if (element.type.endsWith("users_select")) return [{ options: people() }];
  if (element.type.endsWith("channels_select")) return [{ options: channels(["channel"]) }];
  if (element.type.endsWith("conversations_select")) return [{ options: channels(["channel", "dm"]) }];
  if (element.option_groups) return element.option_groups.map((group) => ({ label: words(group.label), options: group.options.map(option) }));
  return [{ options: (element.options ?? []).map(option) }];
}

function select(element, block, ctx, field) {
  const multiple = element.type.startsWith("multi_");
  const held = valueOf(element, block, ctx);
  return combobox({
    groups: groupsOf(element), multiple, max: element.max_selected_items, field,
    selected: multiple ? held : [held].filter((each) => each !== null && each !== undefined),
    placeholder: words(element.placeholder) || (multiple ? "Choose options" : "Choose an option"),
    onChange: (values) => change(element, block, ctx, multiple ? values : (values[0] ?? null)),
  });
}

function picker(type) {
  return (element, block, ctx, field) => {
    const held = valueOf(element, block, ctx);
    const zone = viewer().tz;
    const both = type === "datetime-local";
    const node = h("input", { ...field, type, class: "field picker", value: both ? (held ? isoMinute(held * 1000, zone) : "") : (held ?? "") });
    node.addEventListener("change", () => {
      const value = both && node.value ? Math.round(instant(node.value, zone) / 1000) : node.value;
      change(element, block, ctx, value || null);
    });
    const named = both ? zone : element.timezone;
    return named ? h("div", { class: "with-note" }, node, h("span", { class: "hint" }, named)) : node;
  };
}

function image(element) {
  return h("img", { class: "accessory-image", src: safeUrl(element.image_url ?? element.slack_file?.url), alt: element.alt_text ?? "" });
}

function iconButton(element, block, ctx) {
  const node = h("button", { type: "button", class: "button icon", "aria-label": element.accessibility_label ?? words(element.text) }, icon("trash", 16));
  node.addEventListener("click", () => press(element, block, ctx));
  return node;
}

function feedback(element, block, ctx) {
  const one = (side, sign) => element[side] && h("button", {
    type: "button", class: "button icon", title: words(element[side].text), "aria-label": words(element[side].text),
    onClick: () => press(element, block, ctx, element[side].value),
  }, icon(sign, 16));
  return h("span", {}, one("positive_button", "up"), one("negative_button", "down"));
}

const text = (element, block, ctx, field) => textField(element, block, ctx, field, { held: valueOf(element, block, ctx), change });
const file = (element, block, ctx, field) => fileField(element, block, ctx, field, { held: valueOf(element, block, ctx), change });

const ELEMENTS = {
  button, workflow_button: button, overflow, image, icon_button: iconButton, feedback_buttons: feedback,
  checkboxes: choices, radio_buttons: choices,
  plain_text_input: text, number_input: text, email_text_input: text, url_text_input: text, rich_text_input: text,
  datepicker: picker("date"), timepicker: picker("time"), datetimepicker: picker("datetime-local"), file_input: file,
};

/** Draws one element; `field` carries id, label and description of the input block around it. */
export function elementNode(element, block, ctx, field = {}) {
  const key = `${block.block_id} ${element.action_id}`;
  const label = field.id ? {} : { "aria-label": words(element.placeholder) || element.action_id };
  const attributes = { "data-key": key, "data-action": element.action_id, "data-focus": element.focus_on_load ? "true" : null, ...label, ...field };
  const make = element.type.endsWith("_select") ? select : ELEMENTS[element.type];
  if (!make) return h("span", { class: "unknown" }, `[${element.type}]`);
  const host = h("span", { class: "element" });
  const draw = () => host.replaceChildren(make(element, block, { ...ctx, undo: draw }, attributes));
  draw();
  return host;
}
