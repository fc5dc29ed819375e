// The page's own signs, as SVG: they need no emoji font.

import { svg } from "./dom.js";

const PATHS = {
  attach: "M13.5 7.5 8 13a2.6 2.6 0 0 1-3.7-3.7l6-6a3.6 3.6 0 0 1 5.1 5.1l-6 6a4.9 4.9 0 0 1-6.9-6.9l5-5",
  bolt: "M10 1.5 3.5 10H8l-1 6.5L14 8H9.3z",
  reply: "M2.5 3.5h13v9h-7l-4 3v-3h-2z",
  more: "M9 3.5v.01M9 9v.01M9 14.5v.01",
  eye: "M1.5 9S4 3.8 9 3.8 16.5 9 16.5 9 14 14.2 9 14.2 1.5 9 1.5 9zM9 11.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  file: "M4 1.5h6.5l4 4v11H4zM10.5 1.5v4h4M6.5 9h5M6.5 12h5",
  send: "M2.5 2.8 16 9 2.5 15.2 4.7 9zM4.7 9H10",
  trash: "M3 4.5h12M7 4.5v-2h4v2M4.5 4.5l.8 11.5h7.4l.8-11.5",
  info: "M9 16.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM9 8v5M9 5.2v.01",
  warning: "M9 2 17 15.8H1zM9 7v4M9 13.3v.01",
  success: "M9 16.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM5.5 9.2 8 11.6l4.5-5",
  up: "M6 8 9 1.8c1.5 0 2 1 2 2V7h4.5l-1.3 8.5H6zM2.5 8H6v7.5H2.5z",
  down: "M12 10 9 16.2c-1.5 0-2-1-2-2V11H2.5l1.3-8.5H12zM15.5 10H12V2.5h3.5z",
};

/** A sign of the page; `size` in pixels. */
export function icon(name, size = 18) {
  const wide = name === "more" ? 2.6 : 1.5;
  return svg("svg", { width: size, height: size, viewBox: "0 0 18 18", class: `icon icon-${name}`, "aria-hidden": "true" },
    svg("path", { d: PATHS[name], fill: "none", stroke: "currentColor", "stroke-width": wide, "stroke-linecap": "round", "stroke-linejoin": "round" }));
}
