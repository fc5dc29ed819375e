// Talks with the sandbox's control API.

async function ask(path, body) {
  const options = body === undefined
    ? {}
    : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The sandbox answered ${response.status}.`);
  return answer;
}

const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();

export const getState = (me) => ask(`/_/state?${query({ as: me })}`);
export const getMessages = (me, channel, thread) => ask(`/_/messages?${query({ as: me, channel, thread })}`);
export const getTraffic = (after) => ask(`/_/traffic?after=${after}`);
export const getFindings = () => ask("/_/findings");
export const postAct = (me, act) => ask("/_/act", { as: me, ...act });
export const windClock = (me, how) => ask("/_/clock", { as: me, ...how });

/** Calls `onNews` for everything pushed to this person; reconnects until the returned function is called. */
export function listen(me, onNews) {
  let socket = null;
  let over = false;
  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/_/live?${query({ as: me })}`);
    socket.onopen = () => onNews({ type: "changed" });
    socket.onmessage = (event) => onNews(JSON.parse(event.data));
    socket.onclose = () => {
      if (!over) setTimeout(connect, 1000);
    };
  };
  connect();
  return () => {
    over = true;
    socket.close();
  };
}
