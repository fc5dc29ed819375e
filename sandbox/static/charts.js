// The data_visualization block: bar, line, area and pie as inline SVG, drawn at the width there is.

import { freshId, h, svg } from "./dom.js";
import { cut, number, textWidth, ticks, wrap } from "./scales.js";
import { viewer } from "./state.js";

export const PALETTE = [
  "#1264a3", "#e8912d", "#2bac76", "#8e5bb5", "#d1365e", "#5f7488", "#3aa7c9", "#b8860b", "#7a9a01", "#c2578c", "#4b5fc1", "#a0522d",
];
const color = (index) => PALETTE[index % PALETTE.length];
const locale = () => viewer().locale;

/** The values of a series in the order of the categories; null where it has none. */
const valuesOf = (series, categories) =>
  categories.map((name, index) => (series.data.find((point) => point.label === name) ?? series.data[index])?.value ?? null);

function layout(chart, width) {
  const axis = chart.axis_config ?? {};
  const categories = axis.categories ?? chart.series[0]?.data.map((point) => point.label) ?? [];
  const rows = chart.series.map((series) => valuesOf(series, categories));
  const marks = ticks(rows.flat().filter((value) => value !== null));
  const labels = marks.map((mark) => number(mark, locale(), { short: true }));
  const left = Math.max(...labels.map(textWidth)) + 14 + (axis.y_label ? 18 : 0);
  const slot = (width - left - 10) / Math.max(1, categories.length);
  const names = nameLines(categories, slot);
  const bottom = names.height + (axis.x_label ? 20 : 0) + 6;
  const height = 210 + bottom + 12;
  const [low, high] = [marks[0], marks[marks.length - 1]];
  const y = (value) => 12 + ((high - value) / (high - low)) * 210;
  return { axis, categories, rows, marks, labels, left, slot, names, bottom, height, width, y, center: (i) => left + slot * (i + 0.5) };
}

function nameLines(categories, slot) {
  const wrapped = categories.map((name) => wrap(name, slot - 6));
  if (wrapped.every(Boolean)) {
    return { lines: wrapped, rotated: false, height: 8 + 15 * Math.max(1, ...wrapped.map((lines) => lines.length)) };
  }
  const lines = categories.map((name) => [cut(name, 130)]);
  return { lines, rotated: true, height: 16 + Math.max(...lines.map(([line]) => textWidth(line))) * 0.6 };
}

function axes(frame) {
  const { axis, categories, marks, labels, left, width, y, names, center, height } = frame;
  const right = width - 10;
  const grid = marks.map((mark, index) => [
    svg("line", { x1: left, x2: right, y1: y(mark), y2: y(mark), class: mark === 0 ? "axis" : "gridline" }),
    svg("text", { x: left - 8, y: y(mark) + 4, "text-anchor": "end" }, labels[index]),
  ]);
  const floor = y(marks[0]);
  const captions = categories.map((name, index) => categoryLabel(name, names.lines[index], center(index), floor, names.rotated));
  const xTitle = axis.x_label && svg("text", { x: (left + right) / 2, y: height - 5, "text-anchor": "middle", class: "axis-title" }, axis.x_label);
  const yTitle = axis.y_label && svg("text", {
    transform: `translate(12 ${(12 + floor) / 2}) rotate(-90)`, "text-anchor": "middle", class: "axis-title",
  }, axis.y_label);
  return [grid, captions, xTitle, yTitle];
}

function categoryLabel(name, lines, x, floor, rotated) {
  const title = svg("title", {}, name);
  if (rotated) {
    return svg("text", { transform: `translate(${x + 4} ${floor + 14}) rotate(-36)`, "text-anchor": "end" }, title, lines[0]);
  }
  return svg("text", { x, y: floor + 17, "text-anchor": "middle" }, title,
    lines.map((line, index) => svg("tspan", { x, dy: index ? 15 : 0 }, line)));
}

const hint = (series, name, value) => svg("title", {}, `${series} · ${name}: ${number(value, locale())}`);

function bars(frame, chart) {
  const { rows, categories, slot, y, center } = frame;
  const wide = Math.min(46, (slot * 0.72) / rows.length);
  const written = rows.length === 1 && slot > 34;
  return rows.flatMap((row, at) => row.map((value, index) => {
    if (value === null) return null;
    const x = center(index) - (wide * rows.length) / 2 + wide * at;
    const top = Math.min(y(value), y(0));
    const tall = Math.max(1, Math.abs(y(value) - y(0)));
    const bar = svg("rect", { x: x + 1, y: top, width: Math.max(1, wide - 2), height: tall, rx: 2, fill: color(at) },
      hint(chart.series[at].name, categories[index], value));
    const label = number(value, locale(), { short: true });
    return [bar, written && svg("text", { x: x + wide / 2, y: value < 0 ? top + tall + 13 : top - 5, "text-anchor": "middle", class: "value" }, label)];
  }));
}

function points(frame, chart, filled) {
  const { rows, categories, y, center } = frame;
  return rows.map((row, at) => {
    const spots = row.map((value, index) => (value === null ? null : [center(index), y(value), index])).filter(Boolean);
    const path = spots.map(([x, height], index) => `${index ? "L" : "M"}${x} ${height}`).join("");
    const area = filled && spots.length > 1
      && svg("path", { d: `${path}L${spots[spots.length - 1][0]} ${y(0)}L${spots[0][0]} ${y(0)}Z`, fill: color(at), opacity: 0.22 });
    const dots = spots.map(([cx, cy, index]) => svg("circle", { cx, cy, r: 3.6, fill: color(at), stroke: "#fff", "stroke-width": 1.2 },
      hint(chart.series[at].name, categories[index], row[index])));
    return [area, svg("path", { d: path, fill: "none", stroke: color(at), "stroke-width": 2.4, "stroke-linejoin": "round" }), dots];
  });
}

function plot(chart, width, label) {
  const frame = layout(chart, width);
  const marks = chart.type === "bar" ? bars(frame, chart) : points(frame, chart, chart.type === "area");
  return svg("svg", { width, height: frame.height, role: "img", "aria-labelledby": label, class: `chart-${chart.type}` }, axes(frame), marks);
}

function slice(from, share, index, text) {
  const middle = svg("title", {}, text);
  if (share > 0.9999) return svg("circle", { cx: 100, cy: 100, r: 92, fill: color(index) }, middle);
  const at = (turn) => [100 + 92 * Math.sin(turn * 2 * Math.PI), 100 - 92 * Math.cos(turn * 2 * Math.PI)].map((n) => n.toFixed(2)).join(" ");
  const large = share > 0.5 ? 1 : 0;
  return svg("path", { d: `M100 100L${at(from)}A92 92 0 ${large} 1 ${at(from + share)}Z`, fill: color(index), stroke: "#fff", "stroke-width": 1.5 }, middle);
}

function pie(chart, label) {
  const total = chart.segments.reduce((sum, each) => sum + each.value, 0);
  const percent = new Intl.NumberFormat(locale() || "en-US", { style: "percent", maximumFractionDigits: 1 });
  let from = 0;
  const slices = chart.segments.map((each, index) => {
    const start = from;
    from += each.value / total;
    return slice(start, each.value / total, index, `${each.label}: ${number(each.value, locale())}`);
  });
  const legend = chart.segments.map((each, index) => h("li", {}, h("span", { class: "swatch", style: { background: color(index) } }),
    h("span", { class: "legend-name" }, each.label), h("span", { class: "legend-value" }, `${number(each.value, locale())} · ${percent.format(each.value / total)}`)));
  return h("div", { class: "pie" }, svg("svg", { width: 200, height: 200, role: "img", "aria-labelledby": label, class: "chart-pie" }, slices), h("ul", { class: "legend column" }, legend));
}

function legendOf(chart) {
  return h("ul", { class: "legend" }, chart.series.map((series, index) =>
    h("li", {}, h("span", { class: "swatch", style: { background: color(index) } }), h("span", { class: "legend-name" }, series.name))));
}

function plotHost(chart, label) {
  const host = h("div", { class: "plot" });
  let drawn = 0;
  const draw = (width) => {
    if (Math.abs(width - drawn) < 2) return;
    drawn = width;
    host.replaceChildren(plot(chart, width, label));
  };
  draw(560);
  new ResizeObserver(([entry]) => entry.contentRect.width > 60 && draw(Math.floor(entry.contentRect.width))).observe(host);
  return host;
}

/** Draws a data_visualization block with its title and legend. */
export function chartNode(block) {
  const label = freshId("chart");
  const chart = block.chart ?? {};
  const title = h("figcaption", { id: label }, typeof block.title === "string" ? block.title : (block.title?.text ?? ""));
  const body = chart.type === "pie" ? pie(chart, label) : [plotHost(chart, label), legendOf(chart)];
  return h("figure", { class: "chart" }, title, body);
}
