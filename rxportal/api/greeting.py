"""What a page says first on its socket may stand in the socket's address: it is heard without waiting for the page."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.types import Message, Receive, Scope

NAME: Final = "first"
# Socket.IO's CONNECT packet and nothing else: all that follows is said on the socket itself
CONNECT: Final = "40/_event,"
LONGEST: Final = 16_384  # characters; our pages' is under 3,000


def greeted(scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """A socket as if its client had sent on it what stands in its address (ADR 0018).

    Whoever may open the socket may send this on it as well: it is counted, checked and answered like any message. What
    is no such packet is not heard. It is taken out of the address, so that nothing behind here keeps it or logs it.
    """
    said = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    first = next((value for name, value in said if name == NAME), None)
    if first is None:
        return scope, receive
    scope = {**scope, "query_string": urlencode([pair for pair in said if pair[0] != NAME]).encode()}
    if not first.startswith(CONNECT) or len(first) > LONGEST:
        return scope, receive
    waiting: list[Message] = [{"type": "websocket.receive", "text": first}]
    opened = False

    async def hear() -> Message:
        nonlocal opened
        if opened and waiting:
            return waiting.pop()
        opened = True  # the first message is always that it opens
        return await receive()

    return scope, hear
