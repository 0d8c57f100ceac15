// A button that asks the browser for a passkey: to sign in, to add one, to prove who one is. What the server has to say
// comes from the server; `words` are for what only the browser knows.
import { createElement, Fragment, useRef, useState } from "react";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

async function post(path, body) {
  const answer = await fetch(`/passkeys/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  return { ...said, ok: answer.ok, status: answer.status };
}

async function asked(options) {
  const key = { ...options, challenge: bytes(options.challenge) };
  if (!options.user) {
    key.allowCredentials = named(options.allowCredentials);
    return navigator.credentials.get({ publicKey: key });
  }
  key.user = { ...options.user, id: bytes(options.user.id) };
  key.excludeCredentials = named(options.excludeCredentials);
  return navigator.credentials.create({ publicKey: key });
}

function answered({ id, type, response }) {
  const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const parts = fields.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return { id, rawId: id, type, response: Object.fromEntries(parts), transports: response.getTransports?.() ?? [] };
}

export function PasskeyButton({ act, next, words, onDone, onFresh, children, ...rest }) {
  const [problem, say] = useState("");
  const busy = useRef(false);
  const go = async () => {
    const begun = await post(`${act}/options`, {});
    if (begun.status === 409) return onFresh?.();
    if (!begun.ok) return say(begun.problem || words.away);
    const done = await post(act, { credential: answered(await asked(begun.publicKey)), next: next ?? "" });
    if (done.status === 409) return onFresh?.();
    if (!done.ok) return say(done.problem || words.away);
    if (done.to) window.location.assign(done.to);
    else onDone?.();
  };
  const onClick = async () => {
    if (busy.current) return;
    busy.current = true;
    say("");
    try {
      if (!window.PublicKeyCredential) say(words.none);
      else await go();
    } catch (fault) {
      say(fault.name === "InvalidStateError" ? words.known : fault.name === "TypeError" ? words.away : words.stopped);
    } finally {
      busy.current = false;
    }
  };
  return createElement(
    Fragment,
    null,
    createElement("button", { ...rest, type: "button", onClick }, children),
    createElement("p", { role: "alert", className: problem ? "error" : "unseen" }, problem),
  );
}
