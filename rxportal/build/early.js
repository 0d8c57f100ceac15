// First in a page's head: opens its socket and says in its address, word for word, what the page's own scripts will say
// first on it: the server answers before this page has a moment to hear that the socket is open (ADR 0018).
// They load meanwhile, find the socket open and the answer there. Should they say anything else, it is closed and they
// open their own, as they would without this.
((facts) => {
  const Own = window.WebSocket;
  if (!Own || document.visibilityState === "hidden" || document.prerendering) return;
  const parts = location.pathname.split("/");
  // "/results/[id]" as {id: …}, or null where the address is another page's
  const named = (route) => {
    const names = route.split("/");
    const found = {};
    const fits = (name, at) =>
      name.startsWith("[") ? (found[name.slice(1, -1)] = decodeURIComponent(parts[at])) : name === parts[at];
    return names.length === parts.length && names.every(fits) ? found : null;
  };
  let early, hello, address;
  try {
    const token = sessionStorage.getItem("token") || crypto.randomUUID();
    sessionStorage.setItem("token", token);
    const { origin, pathname, search, hash } = location;
    const router_data = { pathname, asPath: pathname + search + hash };
    const query = { ...Object.fromEntries(new URLSearchParams(search)), ...facts.routes.map(named).find(Boolean) };
    if (Object.keys(query).length) router_data.query = query;
    const event = { name: facts.event, payload: { hashes: facts.hashes }, router_data };
    hello = `40${facts.path},${JSON.stringify({ event, state_schema: facts.schema })}`;
    address = `${origin.replace("http", "ws")}${facts.path}/?token=${token}&EIO=4&transport=websocket`;
    early = new Own(`${address}&first=${encodeURIComponent(hello)}`, [facts.version]);
  } catch {
    return; // storage is blocked, or no secure context: the page connects by itself
  }
  const held = [];
  let listener = null;
  let greeted = false;
  const tell = (most) => {
    while (listener && held.length && most--) listener(held.shift());
  };
  const opening = (message) => message.data[0] === "0";
  early.addEventListener("message", (message) => {
    held.push(message);
    if (greeted || opening(message)) tell(1);
  });
  Object.defineProperty(early, "onmessage", { set: (given) => (listener = given) });
  early.send = (text) => {
    delete early.send;
    if (text !== hello) return early.close();
    greeted = true;
    tell(held.length); // at once, so that the page draws all of it in one go
  };
  const unwanted = setTimeout(() => early.close(), 30000);
  let asked = false;
  const lend = function (url, protocols) {
    clearTimeout(unwanted);
    window.WebSocket = Own;
    if (asked || address !== url || early.readyState > Own.OPEN) {
      if (!asked) early.close();
      asked = true;
      return new Own(url, protocols);
    }
    asked = true;
    if (early.readyState === Own.OPEN) {
      // its new owner sets its listeners before this runs
      queueMicrotask(() => {
        early.onopen?.();
        tell(1);
      });
    }
    return early;
  };
  window.WebSocket = Object.setPrototypeOf(lend, Own);
})(FACTS);
document.currentScript.remove();
