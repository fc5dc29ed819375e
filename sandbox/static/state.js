// What the page knows: whom you act as, what the sandbox said last, and what is typed but not sent.

import { freshId } from "./dom.js";
import { getFindings, getMessages, getState, getTraffic, listen, postAct, windClock } from "./api.js";

export const store = {
  me: "",
  data: null, // the last answer of /_/state
  fetchedAt: 0, // performance.now() of that answer
  place: null, // {kind: "channel", id} or {kind: "home", app}
  thread: null, // ts of the open thread's parent
  messages: [],
  replies: [],
  newSince: 0, // how many of the last messages were unread when the channel was opened
  notices: [], // {id, text}: sentences from the sandbox itself
  sending: new Set(), // view ids waiting for the app's answer
  forms: new Map(), // surface -> Map of "block_id action_id" -> value
  inspector: { open: false, entries: [], findings: [], refusedOnly: false },
};

let draw = () => {};

/** Says which function draws the page. */
export function onChange(callback) {
  draw = callback;
}

export const changed = () => draw();

export const viewer = () => store.data.me;
export const person = (id) => store.data.people.find((each) => each.id === id);
export const channel = (id) => store.data.channels.find((each) => each.id === id);
export const app = (id) => store.data.apps.find((each) => each.id === id);
export const appOfBot = (message) =>
  store.data.apps.find((each) => each.bot_user === message.user || each.bot_user?.user_id === message.user);

/** The name people see for a user id. */
export function nameOf(id) {
  const found = person(id);
  return found ? found.name : (appOfBot({ user: id })?.name ?? id);
}

/** The wound clock's instant in milliseconds. */
export function now() {
  return Date.parse(store.data.now) + (performance.now() - store.fetchedAt);
}

/** What is typed on a surface (a view, or a message); survives every redrawing. */
export function form(surface) {
  if (!store.forms.has(surface)) store.forms.set(surface, new Map());
  return store.forms.get(surface);
}

/** The typed values of a surface as the control API wants them. */
export function typed(surface) {
  const values = {};
  for (const [key, value] of form(surface)) {
    const [block, action] = key.split("\n");
    (values[block] ??= {})[action] = value;
  }
  return values;
}

export const fieldKey = (block, action) => `${block}\n${action}`;

/** Shows a sentence of the sandbox for a while. */
export function notice(text) {
  const entry = { id: freshId("notice"), text };
  store.notices.push(entry);
  setTimeout(() => dropNotice(entry.id), 10000);
  changed();
}

export function dropNotice(id) {
  store.notices = store.notices.filter((each) => each.id !== id);
  changed();
}

const keysOf = (blocks) => blocks.flatMap((block) => [
  ...[block.element, block.accessory, ...(block.elements ?? []), ...(block.actions ?? [])].map((each) => each && fieldKey(block.block_id, each.action_id)),
  ...keysOf(block.child_blocks ?? []),
]);

// A view may be closed, or drawn anew with other fields; what stood in a field that is gone would be sent with the next press.
function forgetWhatIsGone() {
  const seen = (kind, views) => views.map((view) => [`${kind} ${view.id}`, new Set(keysOf(view.blocks))]);
  const homes = store.data.apps.flatMap((each) => each.home ?? []);
  const open = new Map([...seen("modal", store.data.modals), ...seen("home", homes)]);
  for (const [surface, values] of store.forms) {
    if (!/^(modal|home) /.test(surface)) continue;
    const there = open.get(surface);
    if (!there) store.forms.delete(surface);
    else for (const key of values.keys()) if (!there.has(key)) values.delete(key);
  }
}

async function fetchPlace() {
  const { place, thread, me } = store;
  if (place?.kind !== "channel") return;
  const { messages } = await getMessages(me, place.id);
  const replies = thread ? (await getMessages(me, place.id, thread)).messages : [];
  if (store.place !== place || store.thread !== thread) return; // the person has moved on meanwhile
  Object.assign(store, { messages, replies });
  const here = channel(place.id);
  if (here) here.unread = 0;
}

/** Adds the traffic since the last look, and the refusals; true when there was anything new. */
export async function fetchTraffic() {
  const { entries, findings } = store.inspector;
  const [traffic, refused] = await Promise.all([getTraffic(entries.at(-1)?.n ?? 0), getFindings()]);
  // Another look may have come in between; what it brought is not added twice.
  const last = store.inspector.entries.at(-1)?.n ?? 0;
  const more = traffic.entries.filter((each) => each.n > last);
  store.inspector.entries = [...store.inspector.entries, ...more].slice(-1000);
  store.inspector.findings = refused.findings.slice(-500);
  return more.length > 0 || refused.findings.at(-1)?.n !== findings.at(-1)?.n;
}

async function fetchAll() {
  const me = store.me;
  const data = await getState(me);
  if (me !== store.me) return;
  store.data = data;
  store.me = data.me.id;
  store.fetchedAt = performance.now();
  forgetWhatIsGone();
  choosePlace();
  await fetchPlace();
  if (store.inspector.open) await fetchTraffic();
}

function choosePlace() {
  const { place, data } = store;
  if (place?.kind === "channel" && channel(place.id)) return;
  if (place?.kind === "home" && app(place.app)) return;
  const first = data.channels.find((each) => each.kind === "channel") ?? data.channels[0];
  store.place = first ? { kind: "channel", id: first.id } : { kind: "home", app: data.apps[0]?.id };
}

let running = null;
let again = false;

/** Fetches everything and draws it; calls while one is under way are answered by one more round. */
export function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = (async () => {
    do {
      again = false;
      await fetchAll();
      draw();
    } while (again);
  })().catch((problem) => notice(problem.message)).finally(() => {
    running = null;
  });
  return running;
}

/** Does one act as the chosen person; returns the answer, or null after showing what went wrong. */
export async function act(what, { quiet = false } = {}) {
  try {
    return await postAct(store.me, what);
  } catch (problem) {
    if (!quiet) notice(problem.message);
    return null;
  } finally {
    await refresh();
  }
}

/** Winds the clock forwards. */
export async function wind(how) {
  try {
    await windClock(store.me, how);
  } catch (problem) {
    notice(problem.message);
  }
  await refresh();
}

/** Opens a channel or DM. */
export async function openChannel(id) {
  store.place = { kind: "channel", id };
  store.thread = null;
  store.messages = [];
  store.newSince = channel(id)?.unread ?? 0;
  await refresh();
}

/** Opens a thread beside its channel. */
export async function openThread(ts) {
  store.thread = ts;
  store.replies = [];
  if (window.innerWidth < 1500) store.inspector.open = false;
  await refresh();
}

/** Opens an app's Home tab. */
export async function openHome(id) {
  store.place = { kind: "home", app: id };
  store.thread = null;
  changed();
  await act({ do: "open_home", app: id });
}

/** Opens an app's Messages tab. */
export async function openMessages(id) {
  const dm = store.data.channels.find((each) => each.kind === "dm" && each.app === id);
  if (dm) openChannel(dm.id);
  const answer = await act({ do: "open_messages", app: id });
  if (!dm && answer) await openChannel(answer.answer.channel);
}

let stop = () => {};

/** Acts as another person from now on. */
export async function become(id) {
  stop();
  Object.assign(store, { me: id, place: null, thread: null, messages: [], replies: [], forms: new Map() });
  await refresh();
  const address = new URL(location.href);
  address.searchParams.set("as", store.me);
  history.replaceState(null, "", address);
  stop = listen(store.me, (news) => {
    if (news.type === "error") notice(news.text);
    refresh();
  });
}
