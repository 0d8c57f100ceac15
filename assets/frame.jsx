// The few parts of the frame that need a browser API: whose chart the address names, links that keep it, a menu that
// closes, a modal dialog, printing.
import { createElement, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useLocation, useNavigate, useNavigationType } from "react-router";

const chartOf = (search) => new URLSearchParams(search).get("for") ?? "";

const nothing = () => () => {};

// Until the page is live a link has no address: the prerendered one would lead to one's own chart by mistake. What is
// drawn later is live from the start, so that long lists are not drawn twice.
export function ChartLink({ to, children, ...rest }) {
  const { search } = useLocation();
  const live = useSyncExternalStore(nothing, () => true, () => false);
  if (!live) return createElement("a", { ...rest, "aria-disabled": true, role: "link" }, children);
  const [path, anchor] = to.split("#");
  const grant = chartOf(search);
  const own = path.includes("for=") || !grant || path.startsWith("/desk") || rest["data-own"];
  const address = own ? path : `${path}${path.includes("?") ? "&" : "?"}for=${encodeURIComponent(grant)}`;
  return createElement("a", { ...rest, "data-in": "", href: anchor ? `${address}#${anchor}` : address }, children);
}

// Follows every link of the portal's own (`data-in`) without a new document: one listener for all of them, so that a
// row of a list is a plain link and costs nothing more.
export function FollowLinks() {
  const navigate = useNavigate();
  useEffect(() => {
    const follow = (event) => {
      const link = event.target.closest?.("a[data-in][href]");
      const elsewhere = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
      if (!link || elsewhere || event.defaultPrevented) return;
      event.preventDefault();
      const { pathname, search, hash } = window.location;
      const address = link.getAttribute("href");
      navigate(address, { replace: address === pathname + search + hash });
    };
    document.addEventListener("click", follow);
    return () => document.removeEventListener("click", follow);
  }, [navigate]);
  return null;
}

// The browser's address changes before the router draws the new page (with the back button a whole frame and more).
const watchAddress = (changed) => {
  const history = window.navigation;
  addEventListener("popstate", changed);
  history?.addEventListener?.("currententrychange", changed);
  return () => {
    removeEventListener("popstate", changed);
    history?.removeEventListener?.("currententrychange", changed);
  };
};

// Shows its content only while it belongs to the chart that the address names, in the router and in the browser.
export function ChartGate({ grant, waiting, children }) {
  const drawn = chartOf(useLocation().search);
  const named = useSyncExternalStore(watchAddress, () => chartOf(window.location.search), () => drawn);
  return drawn === named && named === (grant ?? "") ? children : (waiting ?? null);
}

// A disclosure that closes with Escape, on a choice, and when the focus or a click goes elsewhere.
export function Menu({ children, ...rest }) {
  const box = useRef(null);
  const { pathname, search } = useLocation();
  useEffect(() => {
    if (box.current) box.current.open = false;
  }, [pathname, search]);
  useEffect(() => {
    const elsewhere = (event) => {
      if (box.current?.open && !box.current.contains(event.target)) box.current.open = false;
    };
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("focusin", elsewhere);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("focusin", elsewhere);
    };
  }, []);
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !box.current?.open) return;
    box.current.open = false;
    box.current.querySelector("summary")?.focus();
  };
  return createElement("details", { ...rest, ref: box, onKeyDown }, children);
}

// The browser's own modal: focus stays inside and comes back by itself. Escape counts as the harmless answer.
export function Modal({ open, onAnswer, children, ...rest }) {
  const box = useRef(null);
  useEffect(() => {
    if (open && !box.current?.open) box.current?.showModal();
    if (!open && box.current?.open) box.current.close();
  }, [open]);
  const onCancel = (event) => {
    event.preventDefault();
    onAnswer?.();
  };
  return createElement("dialog", { ...rest, ref: box, onCancel }, open ? children : null);
}

// A modal dialog in the way of an act. Once `proved` has grown, the act goes on by itself: with the button or form that had
// the focus when the dialog came, or with the element that `then` names.
export function Prover({ open, proved, then, onAnswer, children, ...rest }) {
  const box = useRef(null);
  const from = useRef(null);
  const last = useRef(proved);
  useEffect(() => {
    if (open && !box.current?.open) {
      from.current = document.activeElement;
      box.current?.showModal();
    }
    if (!open && box.current?.open) box.current.close();
    if (last.current === proved) return;
    last.current = proved;
    const act = (then && document.getElementById(then)) || from.current;
    if (!act?.isConnected) return;
    if (act.tagName === "BUTTON") act.click();
    else act.form?.requestSubmit();
  }, [open, proved, then]);
  const onCancel = (event) => {
    event.preventDefault();
    onAnswer?.();
  };
  return createElement("dialog", { ...rest, ref: box, onCancel }, open ? children : null);
}

// After a navigation inside the page the focus goes to the new page's content, or to what the address names in it, as
// it would on a new document. The address is kept outside: each page brings its own copy of this component.
let here = null;
export function FocusOnArrival() {
  const { pathname, search, hash } = useLocation();
  const kind = useNavigationType();
  useEffect(() => {
    const before = here;
    here = pathname + search;
    if (before === null || before === here) return;
    const named = hash && document.getElementById(hash.slice(1));
    (named || document.getElementById("main"))?.focus({ preventScroll: true });
    if (named) named.scrollIntoView();
    else if (kind !== "POP") window.scrollTo(0, 0);
  }, [pathname, search, hash, kind]);
  return null;
}

const watchLine = (changed) => {
  const names = ["online", "offline"];
  names.forEach((name) => addEventListener(name, changed));
  return () => names.forEach((name) => removeEventListener(name, changed));
};

// Tells at once when the browser is offline, and as soon as the socket is known to be `lost`. A button that is pressed
// meanwhile is answered too; whether the server heard of it nobody can know before the connection is back.
export function ConnectionNotice({ lost, words, children, ...rest }) {
  const offline = useSyncExternalStore(watchLine, () => !navigator.onLine, () => false);
  const [pressed, press] = useState(false);
  const away = lost || offline;
  useEffect(() => {
    if (!away && !pressed) return;
    const onPress = ({ target }) => {
      if (!away) press(false);
      else if (target.closest("main button, dialog button")) press(true);
    };
    document.addEventListener("click", onPress, true);
    return () => document.removeEventListener("click", onPress, true);
  }, [away, pressed]);
  if (!away && !pressed) return null;
  const said = away ? (pressed ? words.pressed : words.lost) : words.back;
  return createElement("div", rest, children, createElement("p", null, said));
}

// `told` is "element-id turn": the same element can be named again. What stood there at arrival moves nothing.
export function FocusWhenTold({ told }) {
  const last = useRef(undefined);
  useEffect(() => {
    const before = last.current;
    last.current = told;
    if (before === undefined || before === told || !told) return;
    const wanted = document.getElementById(told.split(" ")[0]);
    wanted?.focus();
    wanted?.scrollIntoView({ block: "nearest" });
  }, [told]);
  return null;
}

export function PrintButton({ children, ...rest }) {
  return createElement("button", { type: "button", ...rest, onClick: () => window.print() }, children);
}

// A page that the browser froze and thawed whole (Back) is built anew: it asks again who is there.
if (typeof window !== "undefined") {
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
}
