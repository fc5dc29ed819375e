// Numbers and words on a chart: round ticks, measured labels.

const FONT = '12px "Lato", "Helvetica Neue", Arial, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
let pen = null;

/** The width of a label in pixels, as the browser will draw it. */
export function textWidth(text) {
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = FONT;
  return pen.measureText(text).width;
}

/** Round tick values that span all `values` and, unless `loose`, zero. */
export function ticks(values, count = 5) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough * 0.999);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil((high || step) / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** A number as people of the locale write it; short where it is large. */
export function number(value, locale, { short = false } = {}) {
  const compact = short && Math.abs(value) >= 10000;
  const options = compact ? { notation: "compact", maximumFractionDigits: 1 } : { maximumFractionDigits: 2 };
  return new Intl.NumberFormat(locale || "en-US", options).format(value);
}

/** Cuts a label to a width, with an ellipsis. */
export function cut(text, width) {
  if (textWidth(text) <= width) return text;
  const signs = [...text];
  while (signs.length > 1 && textWidth(`${signs.join("")}…`) > width) signs.pop();
  return `${signs.join("").trimEnd()}…`;
}

const parts = (text) => text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}][，。、：；！？）]*|[^\s\p{Script=Han}]+\s*|\s+/gu) ?? [text];

/** Breaks a label into lines no wider than `width`; null when it needs more than `most` lines. */
export function wrap(text, width, most = 2) {
  const lines = [""];
  for (const part of parts(text)) {
    const longer = lines[lines.length - 1] + part;
    if (textWidth(longer.trimEnd()) <= width) lines[lines.length - 1] = longer;
    else if (lines[lines.length - 1] && lines.length < most) lines.push(part);
    else return null;
    if (textWidth(lines[lines.length - 1].trimEnd()) > width) return null;
  }
  return lines.map((line) => line.trim());
}
