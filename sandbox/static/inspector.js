// The pane with all traffic between the app and the sandbox, and everything that was refused.

import { fingerprint, h, reconcile, redraw } from "./dom.js";
import { changed, store, viewer } from "./state.js";
import { clockTime } from "./time.js";

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(unpacked(value), null, 2)) ?? "";

// Form-encoded calls carry their blocks as a string of JSON; shown unpacked they can be read.
function unpacked(value) {
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, each]) => {
    if (typeof each !== "string" || !/^[[{]/.test(each)) return [key, each];
    try {
      return [key, JSON.parse(each)];
    } catch {
      return [key, each];
    }
  });
  return Array.isArray(value) ? value : Object.fromEntries(entries);
}

function entryNode(entry) {
  const away = entry.direction.startsWith("app");
  const flag = entry.finding && h("span", { class: "finding" }, typeof entry.finding === "string" ? entry.finding : entry.finding.rule);
  const details = h("details", { class: entry.finding ? "traffic refused" : "traffic", "data-testid": "traffic" },
    h("summary", {}, h("span", { class: "arrow", title: entry.direction }, away ? "→" : "←"), h("code", {}, entry.what), flag,
      h("span", { class: "grow" }), h("span", { class: "hint" }, `${clockTime(Date.parse(entry.at), viewer())} · ${Math.round(entry.ms)} ms`)));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) {
      details.append(h("h4", {}, "Request"), h("pre", {}, pretty(entry.request)), h("h4", {}, "Answer"), h("pre", {}, pretty(entry.response)));
    }
  });
  return details;
}

function findingNode(finding) {
  return h("div", { class: "traffic refused finding-row", "data-testid": "finding" },
    h("div", {}, h("strong", {}, finding.rule), " ", h("code", {}, finding.source), finding.path && [" ", h("code", {}, finding.path)]),
    h("div", {}, finding.sentence));
}

function tab(label, refused) {
  const on = store.inspector.refusedOnly === refused;
  const pick = () => {
    store.inspector.refusedOnly = refused;
    changed();
  };
  return h("button", { type: "button", role: "tab", class: "tab", "aria-selected": String(on), onClick: pick }, label);
}

function closePane() {
  store.inspector.open = false;
  changed();
}

function frame() {
  return [
    h("header", { class: "side-head" }, h("h2", {}, "Inspector"), h("button", { type: "button", class: "tool", "aria-label": "Close inspector", onClick: closePane }, "×")),
    h("div", { class: "tabs", role: "tablist" }, tab("Traffic", false), tab("Refusals", true)),
    h("div", { class: "traffic-list", "data-scroll": "traffic" }),
    h("p", { class: "legend-line hint" }, "→ the app calls Slack · ← Slack calls the app"),
  ];
}

/** Draws the inspector, when it is open. */
export function drawInspector(side) {
  const { open, refusedOnly, entries, findings } = store.inspector;
  side.hidden = !open;
  if (!open) return;
  redraw(side, fingerprint(refusedOnly, store.me), frame);
  const list = side.querySelector(".traffic-list");
  const stuck = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const rows = refusedOnly ? findings : entries;
  const drawn = reconcile(list, rows, {
    key: (row) => `${refusedOnly} ${row.n}`, print: () => "", build: refusedOnly ? findingNode : entryNode,
  });
  if (drawn && stuck) list.scrollTop = list.scrollHeight;
}
