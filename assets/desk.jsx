// The desk tells where to go on after an act: the next case, the words that say what was done, the field that is wrong.
import { useEffect, useRef } from "react";

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
