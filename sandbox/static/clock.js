// The bar above Slack: the wound clock, whom you act as, and the inspector's switch.

import { combobox } from "./combobox.js";
import { fingerprint, freshId, h, redraw } from "./dom.js";
import { float } from "./popup.js";
import { become, changed, notice, now, refresh, store, viewer, wind } from "./state.js";
import { fullTime, instant, isoMinute } from "./time.js";

async function windFrom(button, how) {
  const buttons = [...document.querySelectorAll(".clock button")];
  buttons.forEach((each) => (each.disabled = true));
  await wind(how);
  buttons.forEach((each) => (each.disabled = false));
  button.focus();
}

function winder(label, how) {
  const button = h("button", { type: "button", class: "bar-button" }, label);
  button.addEventListener("click", () => windFrom(button, how));
  return button;
}

function toDate() {
  const button = h("button", { type: "button", class: "bar-button", "aria-haspopup": "dialog" }, "To date…");
  button.addEventListener("click", () => {
    const zone = viewer().tz;
    const id = freshId("wind");
    const field = h("input", { id, type: "datetime-local", class: "field", value: isoMinute(now(), zone), "data-testid": "wind-to" });
    const go = h("button", { type: "button", class: "button primary" }, "Wind");
    const close = float(button, h("div", { class: "menu wind" }, h("label", { for: id }, `Wind to (${zone})`), field, go));
    const start = () => {
      if (!field.value) return;
      close();
      const to = new Date(instant(field.value, zone)).toISOString().replace("Z", "+00:00");
      windFrom(button, { to });
    };
    go.addEventListener("click", start);
    field.addEventListener("keydown", (event) => event.key === "Enter" && start());
    field.focus();
  });
  return button;
}

function clock() {
  return h("div", { class: "clock", role: "group", "aria-label": "Clock" },
    h("time", { class: "clock-time", "data-testid": "clock" }),
    winder("+1 hour", { plus: "1h" }), winder("Next morning", { preset: "next_morning" }), winder("Next Monday", { preset: "next_monday" }), toDate());
}

function switcher() {
  const people = store.data.people.filter((each) => !each.bot && !each.deleted);
  const id = freshId("as");
  const box = combobox({
    groups: [{ options: people.map((each) => ({ value: each.id, text: each.name, description: [each.title, each.tz].filter(Boolean).join(" · ") })) }],
    selected: [store.me], placeholder: "Choose a person", field: { id, "data-testid": "act-as" },
    onChange: ([chosen]) => chosen && chosen !== store.me && become(chosen).catch((problem) => notice(problem.message)),
  });
  return h("div", { class: "switcher" }, h("label", { for: id }, "Acting as"), box);
}

function toggleInspector() {
  store.inspector.open = !store.inspector.open;
  if (store.inspector.open && window.innerWidth < 1500) store.thread = null;
  changed();
  refresh();
}

/** Draws the bar. */
export function drawBar(host) {
  const { people } = store.data;
  redraw(host, fingerprint(people, store.me, store.inspector.open), () => [
    clock(), h("span", { class: "grow" }), switcher(),
    h("button", { type: "button", class: "bar-button", "aria-pressed": String(store.inspector.open), onClick: toggleInspector }, "Inspector"),
  ]);
  tick();
}

/** Shows the time of the wound clock in the person's zone. */
export function tick() {
  const node = document.querySelector(".clock-time");
  if (!node || !store.data) return;
  const text = `${fullTime(now(), viewer())} · ${viewer().tz}`;
  if (node.textContent !== text) node.textContent = text;
  node.dateTime = new Date(now()).toISOString();
}
