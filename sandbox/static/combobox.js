// One field for every select: type to filter, arrows and Enter to choose; chips where several may be chosen.

import { freshId, h } from "./dom.js";
import { float } from "./popup.js";

const matches = (option, filter) => `${option.text} ${option.description ?? ""}`.toLowerCase().includes(filter.toLowerCase());

/**
 * `groups`: [{label, options: [{value, text, description}]}]; `selected`: values; `onChange(values)`.
 * `field`: attributes of the input (id, aria-…, data-key).
 */
export function combobox({ groups, selected, multiple = false, max, placeholder, field, onChange }) {
  const all = groups.flatMap((group) => group.options);
  const state = { chosen: [...selected], active: 0, filter: "", close: null };
  const listId = freshId("list");
  const textOf = (value) => all.find((option) => option.value === value)?.text ?? value;
  const list = h("div", { class: "options", role: "listbox", id: listId, "aria-multiselectable": multiple ? "true" : null });
  const input = h("input", {
    ...field, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list",
  });
  const chips = h("span", { class: "chips" });
  const root = h("div", { class: multiple ? "combo multi" : "combo" }, chips, input);

  const visible = () => all.filter((option) => matches(option, state.filter) && !(multiple && state.chosen.includes(option.value)));

  function showChosen() {
    input.placeholder = state.chosen.length && multiple ? "" : placeholder;
    if (multiple) chips.replaceChildren(...state.chosen.map(chip));
    else if (!state.close) input.value = state.chosen.length ? textOf(state.chosen[0]) : "";
  }

  function chip(value) {
    const remove = () => commit(state.chosen.filter((each) => each !== value));
    return h("span", { class: "chip" }, textOf(value),
      h("button", { type: "button", "aria-label": `Remove ${textOf(value)}`, onClick: remove }, "×"));
  }

  function commit(values) {
    state.chosen = values;
    showChosen();
    if (state.close) drawList();
    onChange(values);
  }

  function pick(option) {
    if (multiple) {
      if (max && state.chosen.length >= max) return;
      state.filter = input.value = "";
      commit([...state.chosen, option.value]);
      input.focus();
      return;
    }
    hide();
    commit([option.value]);
  }

  function row(option, index) {
    return h("div", {
      class: index === state.active ? "option active" : "option", role: "option", "data-value": option.value,
      "aria-selected": state.chosen.includes(option.value) ? "true" : "false",
      onMousedown: (event) => event.preventDefault(), onClick: () => pick(option),
    }, h("span", {}, option.text), option.description && h("span", { class: "hint" }, option.description));
  }

  function drawList() {
    const shown = visible();
    state.active = Math.max(0, Math.min(state.active, shown.length - 1));
    const rows = groups.map((group) => {
      const mine = group.options.filter((option) => shown.includes(option));
      if (!mine.length) return [];
      return [group.label && h("div", { class: "option-group" }, group.label), mine.map((option) => row(option, shown.indexOf(option)))];
    });
    const nothing = h("div", { class: "nothing" }, max && state.chosen.length >= max ? "No more can be chosen" : "No results");
    const full = multiple && max && state.chosen.length >= max;
    list.replaceChildren(...(shown.length && !full ? rows.flat(Infinity).filter(Boolean) : [nothing]));
    list.querySelector(".active")?.scrollIntoView({ block: "nearest" });
    state.close?.moved();
  }

  function show() {
    if (state.close || input.disabled) return;
    state.filter = "";
    state.active = Math.max(0, visible().findIndex((option) => state.chosen.includes(option.value)));
    state.close = float(root, list, { onClose: closed });
    input.setAttribute("aria-expanded", "true");
    if (!multiple) input.select();
    drawList();
  }

  function closed() {
    state.close = null;
    input.setAttribute("aria-expanded", "false");
    if (multiple) input.value = "";
    showChosen();
  }

  const hide = () => state.close?.();

  function move(step) {
    show();
    state.active += step;
    drawList();
  }

  function keydown(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && state.close) {
      const option = visible()[state.active];
      if (option) pick(option);
    } else if (event.key === "Backspace" && multiple && !input.value && state.chosen.length) {
      commit(state.chosen.slice(0, -1));
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  input.addEventListener("click", show);
  input.addEventListener("keydown", keydown);
  input.addEventListener("blur", hide);
  input.addEventListener("input", () => {
    const text = input.value;
    show();
    state.filter = text;
    input.value = text;
    state.active = 0;
    drawList();
  });
  root.addEventListener("click", (event) => event.target === root && input.focus());
  showChosen();
  return root;
}
