// Starts the page and draws all of it whenever something changed.

import { drawBar, tick } from "./clock.js";
import { drawMain, drawThread } from "./home.js";
import { drawInspector } from "./inspector.js";
import { drawModals, escapeModal } from "./modal.js";
import { closeOrphans } from "./popup.js";
import { drawSidebar } from "./sidebar.js";
import { become, fetchTraffic, notice, onChange, store } from "./state.js";
import { drawToasts } from "./toasts.js";

const part = (id) => document.getElementById(id);

function draw() {
  drawToasts(part("toasts"));
  if (!store.data || !store.place) return;
  document.documentElement.lang = store.data.me.locale;
  document.title = `${store.data.me.name} · ${store.data.team.name}`;
  drawBar(part("topbar"));
  drawSidebar(part("sidebar"));
  drawMain(part("main"));
  drawThread(part("thread"));
  drawInspector(part("inspector"));
  drawModals(part("modals"), document.querySelector(".frame"));
  closeOrphans();
}

async function watchTraffic() {
  if (!store.inspector.open) return;
  if (await fetchTraffic()) draw();
}

onChange(draw);
setInterval(tick, 1000);
setInterval(() => watchTraffic().catch((problem) => notice(problem.message)), 1500);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || !store.data || escapeModal()) return;
  store.thread = null;
  draw();
});
await become(new URLSearchParams(location.search).get("as") ?? "").catch((problem) => notice(problem.message));
