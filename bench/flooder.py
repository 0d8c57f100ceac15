"""A client that sends as fast as it can: `python -m bench.flooder URL COOKIE`, until it is killed."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from websockets.exceptions import WebSocketException

from bench.clients import NAMESPACE, EventFailed, Tab
from bench.practice import RESULTS

PER_SECOND = 1_000


async def flood(url: str, cookie: str) -> None:
    """Send, never wait for an answer, and come back when the door is shut."""
    while True:
        try:
            tab = await Tab.open(url, "/results", cookie)
            body = {"name": f"{RESULTS}.load", "payload": {}, "router_data": tab.at}
            packed = f"42{NAMESPACE}," + json.dumps(["event", body])
            begun, sent = time.monotonic(), 0
            while True:
                await tab.wire.send(packed)
                sent += 1
                await asyncio.sleep(max(0, sent / PER_SECOND - (time.monotonic() - begun)))
        except (OSError, WebSocketException, EventFailed):
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(flood(*sys.argv[1:]))
