// Fields to type in, and to attach files to.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";

const KINDS = { email_text_input: "email", url_text_input: "url" };

function remaining(element, node) {
  const left = element.max_length - [...node.value].length;
  const near = left <= Math.max(10, element.max_length * 0.1);
  return { text: near ? String(left) : "", over: left < 0 };
}

function counter(element, node) {
  if (!element.max_length) return null;
  const sign = h("span", { class: "counter", "aria-live": "polite" });
  const show = () => {
    const { text, over } = remaining(element, node);
    sign.textContent = text;
    sign.classList.toggle("over", over);
  };
  node.addEventListener("input", show);
  show();
  return sign;
}

function dispatches(element, block, when) {
  if (!block.dispatch_action) return false;
  return (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes(when);
}

/** The words of rich text, and rich text made of plain words. */
function flat(rich) {
  const inside = (rich?.elements ?? []).map(flat).join(rich?.type === "rich_text" ? "\n" : "");
  return (rich?.text ?? "") + inside;
}

const enriched = (text) =>
  text ? { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] } : null;

/** A one-line or many-line text field; Enter sends it to the app where the block asks for that. */
export function textField(element, block, ctx, field, { held, change }) {
  const rich = element.type === "rich_text_input";
  const many = element.multiline || rich;
  const value = () => (rich ? enriched(node.value) : node.value);
  const node = h(many ? "textarea" : "input", {
    ...field, class: "field", value: rich ? flat(held) : (held ?? ""), placeholder: withEmoji(element.placeholder?.text ?? ""),
    type: many ? null : (KINDS[element.type] ?? "text"), rows: many ? Math.max(4, element.min_lines ?? 0) : null,
    inputmode: element.type === "number_input" ? "decimal" : null, autocomplete: "off",
  });
  const silent = { ...block, dispatch_action: false };
  node.addEventListener("input", () => {
    change(element, dispatches(element, block, "on_character_entered") ? block : silent, ctx, value());
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (dispatches(element, block, "on_enter_pressed") && !(many && event.shiftKey)) {
      event.preventDefault();
      change(element, block, ctx, value());
    } else if (!many || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      ctx.submit?.();
    }
  });
  return h("div", { class: "with-counter" }, node, counter(element, node));
}

/** A file's content as the control API takes it: {name, content_base64}. */
export async function packed(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { name: file.name, content_base64: btoa(text) };
}

/** The file_input element: chosen files with a way to take each back. */
export function fileField(element, block, ctx, field, { held, change }) {
  let files = held;
  const list = h("ul", { class: "files" });
  const accept = (element.filetypes ?? []).map((type) => `.${type}`).join(",");
  const input = h("input", { ...field, type: "file", class: "field file", multiple: (element.max_files ?? 10) > 1, accept: accept || null });
  const commit = (next) => {
    files = next.slice(0, element.max_files ?? 10);
    show();
    change(element, block, ctx, files);
  };
  const show = () => list.replaceChildren(...files.map((file) => h("li", {}, file.name,
    h("button", { type: "button", "aria-label": `Remove ${file.name}`, onClick: () => commit(files.filter((each) => each !== file)) }, "×"))));
  input.addEventListener("change", async () => {
    const added = await Promise.all([...input.files].map(packed));
    input.value = "";
    commit([...files, ...added]);
  });
  show();
  return h("div", {}, input, list);
}
