// Where messages and slash commands are typed.

import { h } from "./dom.js";
import { packed } from "./fields.js";
import { icon } from "./icons.js";
import { float, menu } from "./popup.js";
import { act, notice, store } from "./state.js";

const drafts = new Map(); // place -> {text, files, mentions}
const draft = (key) => {
  if (!drafts.has(key)) drafts.set(key, { text: "", files: [], mentions: new Map() });
  return drafts.get(key);
};

function withMentions(text, mentions) {
  let out = text;
  for (const [name, code] of [...mentions].sort((a, b) => b[0].length - a[0].length)) out = out.replaceAll(name, code);
  return out;
}

const commands = () => store.data.apps.flatMap((app) => (app.commands ?? []).map((each) => ({ ...each, app: app.name })));

function commandRows(text) {
  if (!/^\/\S*$/.test(text)) return [];
  return commands().filter((each) => each.command.startsWith(text))
    .map((each) => ({ text: each.command, hint: each.usage_hint, about: each.description, app: each.app, insert: `${each.command} `, from: 0 }));
}

function mentionRows(text, caret) {
  const typed = /(^|\s)([@#])([^\s@#]*)$/.exec(text.slice(0, caret));
  if (!typed) return [];
  const [, before, sign, part] = typed;
  const people = store.data.people.filter((each) => !each.deleted).map((each) => ({ name: each.name, also: each.display ?? "", code: `<@${each.id}>`, hint: each.title }));
  const rooms = store.data.channels.filter((each) => each.kind === "channel").map((each) => ({ name: each.name, also: "", code: `<#${each.id}>` }));
  return (sign === "@" ? people : rooms)
    .filter((each) => `${each.name} ${each.also}`.toLowerCase().includes(part.toLowerCase())).slice(0, 8)
    .map((each) => ({ text: sign + each.name, hint: each.hint, code: each.code, insert: `${sign}${each.name} `, from: typed.index + before.length }));
}

// The list under the field: commands after "/", people after "@", channels after "#".
function suggestions(field, state) {
  const list = h("div", { class: "options suggestions", role: "listbox", "aria-label": "Suggestions" });
  let rows = [];
  let active = 0;
  let close = null;

  function take(row) {
    const caret = field.selectionStart;
    field.value = field.value.slice(0, row.from) + row.insert + field.value.slice(caret);
    field.setSelectionRange(row.from + row.insert.length, row.from + row.insert.length);
    if (row.code) state().mentions.set(row.text, row.code);
    hide();
    field.dispatchEvent(new Event("input"));
    field.focus();
  }

  const rowNode = (row, index) => h("div", {
    class: index === active ? "option active" : "option", role: "option", "aria-selected": String(index === active),
    onMousedown: (event) => event.preventDefault(), onClick: () => take(row),
  }, h("span", {}, h("strong", {}, row.text), row.hint && h("span", { class: "hint inline" }, ` ${row.hint}`)),
  row.about && h("span", { class: "hint" }, [row.about, row.app].filter(Boolean).join(" · ")));

  function hide() {
    close?.();
    close = null;
  }

  function update() {
    rows = [...commandRows(field.value), ...mentionRows(field.value, field.selectionStart)];
    if (!rows.length) return hide();
    active = Math.min(active, rows.length - 1);
    close ??= float(field, list, { onClose: () => (close = null) });
    list.replaceChildren(...rows.map(rowNode));
    return close.moved();
  }

  function keydown(event) {
    if (!close) return false;
    if (event.key === "ArrowDown") active = (active + 1) % rows.length;
    else if (event.key === "ArrowUp") active = (active + rows.length - 1) % rows.length;
    else if (event.key === "Tab" || (event.key === "Enter" && field.value.trim() !== rows[active].text)) take(rows[active]);
    else return false;
    event.preventDefault();
    if (close) update();
    return true;
  }

  return { update, keydown, hide };
}

async function deliver(text, files, where) {
  const place = { channel: where.channel, ...(where.thread ? { thread_ts: where.thread } : {}) };
  if (!files.length) return act({ ...place, do: text.startsWith("/") && !where.thread ? "command" : "say", text });
  let done = null;
  for (const [index, file] of files.entries()) done = await act({ ...place, do: "upload", ...file, comment: index ? "" : text });
  return done;
}

function shortcutMenu(anchor) {
  const items = store.data.apps.flatMap((app) => {
    const mine = (app.shortcuts ?? []).filter((each) => each.type === "global");
    return mine.length ? [{ heading: app.name }, ...mine.map((each) => ({ text: each.name, onPick: () => act({ do: "shortcut", callback_id: each.callback_id }) }))] : [];
  });
  menu(anchor, items.length ? items : [{ heading: "No shortcuts" }], "Shortcuts");
}

function parts(where) {
  const name = where.thread ? "Reply in thread" : `Message ${where.name}`;
  const field = h("textarea", { class: "composer-field", rows: 1, placeholder: where.thread ? "Reply…" : name, "aria-label": name, "data-key": "composer", "data-testid": where.thread ? "thread-composer" : "composer" });
  const files = h("div", { class: "pending" });
  const chooser = h("input", { type: "file", multiple: true, hidden: true, "data-testid": where.thread ? "thread-attach" : "attach", "aria-label": "Attach files" });
  const send = h("button", { type: "button", class: "button primary send", "aria-label": "Send" }, icon("send"));
  const attach = h("button", { type: "button", class: "tool", "aria-label": "Attach a file", onClick: () => chooser.click() }, icon("attach"));
  const bolt = h("button", { type: "button", class: "tool", "aria-label": "Shortcuts", "aria-haspopup": "menu" }, icon("bolt"));
  bolt.addEventListener("click", () => shortcutMenu(bolt));
  return { field, files, chooser, send, bar: h("div", { class: "composer-bar" }, attach, where.thread ? null : bolt, h("span", { class: "grow" }), send) };
}

/** Builds a composer for `{channel, name, thread?}`; what is typed is kept per place and person. */
export function composer(where) {
  const key = `${store.me} ${where.channel} ${where.thread ?? ""}`;
  const state = () => draft(key);
  const { field, files, chooser, send, bar } = parts(where);
  const suggest = suggestions(field, state);
  const root = h("div", { class: "composer" }, files, field, chooser, bar);

  function show() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
    files.replaceChildren(...state().files.map((file) => h("span", { class: "chip" }, icon("file", 14), ` ${file.name} `,
      h("button", { type: "button", "aria-label": `Remove ${file.name}`, onClick: () => drop(file) }, "×"))));
  }

  function drop(file) {
    state().files = state().files.filter((each) => each !== file);
    show();
  }

  async function add(list) {
    state().files.push(...(await Promise.all([...list].map(packed))));
    show();
    field.focus();
  }

  async function submit() {
    const kept = { ...state(), text: field.value };
    const text = field.value.trim();
    if (!text && !kept.files.length) return;
    suggest.hide();
    drafts.delete(key);
    field.value = "";
    show();
    const answer = await deliver(withMentions(text, kept.mentions), kept.files, where);
    if (answer === null && !field.value) {
      drafts.set(key, kept);
      field.value = kept.text;
      show();
    }
  }

  field.value = state().text;
  field.addEventListener("input", () => {
    state().text = field.value;
    show();
    suggest.update();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || suggest.keydown(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    submit();
  });
  field.addEventListener("paste", (event) => event.clipboardData.files.length && add(event.clipboardData.files));
  field.addEventListener("blur", () => suggest.hide());
  send.addEventListener("click", submit);
  chooser.addEventListener("change", () => add(chooser.files).then(() => (chooser.value = "")));
  queueMicrotask(show);
  return Object.assign(root, { addFiles: (list) => add(list).catch((problem) => notice(problem.message)) });
}

/** Lets files be dropped anywhere on `host` into its composer. */
export function dropTarget(host, target) {
  host.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    host.classList.add("dropping");
  });
  host.addEventListener("dragleave", (event) => event.relatedTarget && !host.contains(event.relatedTarget) && host.classList.remove("dropping"));
  host.addEventListener("drop", (event) => {
    event.preventDefault();
    host.classList.remove("dropping");
    if (event.dataTransfer.files.length) target.addFiles(event.dataTransfer.files);
  });
}
