// The blocks table and data_table.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { richText } from "./richtext.js";
import { number } from "./scales.js";
import { viewer } from "./state.js";

const isNumber = (cell) => cell?.type === "raw_number";

function cellText(cell) {
  if (isNumber(cell)) return cell.text ?? number(Number(cell.value), viewer().locale);
  return withEmoji(cell?.text ?? "");
}

function cellNode(cell, tag, settings) {
  const align = settings?.align ?? (isNumber(cell) ? "right" : null);
  const props = { style: { textAlign: align ?? "" }, class: settings?.is_wrapped === false ? "nowrap" : null };
  return h(tag, props, cell?.type === "rich_text" ? richText(cell) : cellText(cell));
}

/** Draws a table block; its first row is the heading. */
export function tableNode(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const row = (cells, tag) => h("tr", {}, cells.map((cell, index) => cellNode(cell, tag, settings[index])));
  return h("div", { class: "table-scroll" }, h("table", { class: "grid" },
    h("thead", {}, row(head, "th")), h("tbody", {}, rows.map((cells) => row(cells, "td")))));
}

const sortKey = (cell) => (isNumber(cell) ? Number(cell.value) : cellText(cell));

function sorted(rows, { column, down }) {
  if (column === null) return rows;
  const compare = (a, b) => {
    const [x, y] = [sortKey(a[column]), sortKey(b[column])];
    return typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), viewer().locale);
  };
  return [...rows].sort((a, b) => (down ? compare(b, a) : compare(a, b)));
}

/** Draws a data_table: caption, sortable columns, pages. */
export function dataTableNode(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? 5;
  const view = { column: null, down: false, page: 0 };
  const host = h("div", { class: "data-table" });
  const numeric = head.map((_, column) => rows.length > 0 && rows.every((cells) => isNumber(cells[column])));
  const settings = (column) => ({ align: numeric[column] ? "right" : null });

  function sortBy(column) {
    Object.assign(view, { down: view.column === column && !view.down, column, page: 0 });
    draw();
  }

  function heading(cell, column) {
    const sort = view.column === column ? (view.down ? "descending" : "ascending") : "none";
    const arrow = { ascending: " ↑", descending: " ↓", none: "" }[sort];
    return h("th", { "aria-sort": sort, scope: "col", style: { textAlign: numeric[column] ? "right" : "" } },
      h("button", { type: "button", class: "sort", onClick: () => sortBy(column) }, cellText(cell) + arrow));
  }

  function bodyRow(cells) {
    return h("tr", {}, cells.map((cell, column) => cellNode(cell, column === block.row_header_column_index ? "th" : "td", settings(column))));
  }

  function pager(pages) {
    if (pages < 2) return null;
    const turn = (step) => () => {
      view.page += step;
      draw();
    };
    return h("div", { class: "pager" },
      h("button", { type: "button", class: "button small", disabled: view.page === 0, "aria-label": "Previous page", onClick: turn(-1) }, "‹"),
      h("span", {}, `${view.page + 1} / ${pages}`),
      h("button", { type: "button", class: "button small", disabled: view.page === pages - 1, "aria-label": "Next page", onClick: turn(1) }, "›"));
  }

  function draw() {
    const pages = Math.max(1, Math.ceil(rows.length / size));
    const shown = sorted(rows, view).slice(view.page * size, (view.page + 1) * size);
    host.replaceChildren(...[h("div", { class: "table-scroll" }, h("table", { class: "grid" }, h("caption", {}, block.caption ?? ""),
      h("thead", {}, h("tr", {}, head.map(heading))), h("tbody", {}, shown.map(bodyRow)))), pager(pages)].filter(Boolean));
  }

  draw();
  return host;
}
