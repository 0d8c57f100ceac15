"""What goes out over a socket as JSON: what Reflex would write, by a faster writer (ADR 0019)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache, cached_property
from types import SimpleNamespace
from typing import Any

import orjson
from reflex_base.utils import format as reflex_format
from reflex_base.utils.serializers import get_serializer, serialize

# Left to Reflex's serializers, as it writes them: dataclasses, addresses (a kind of text), dates.
AS_REFLEX_DOES = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_NON_STR_KEYS
)


def dumps(packet: Any, **asked: Any) -> str:
    """A packet as compact JSON; what the fast writer can't write (a number of over 64 bits), Reflex writes."""
    try:
        return orjson.dumps(packet, _plainer, AS_REFLEX_DOES).decode()
    except TypeError:
        return reflex_format.json_dumps(packet, **asked)


def write_fast(sio: Any) -> None:
    """Let this server write its packets so; it reads them as before."""
    packets = sio.packet_class
    packets.json = SimpleNamespace(dumps=dumps, loads=packets.json.loads)


def _plainer(value: Any) -> Any:
    return _way(type(value))(value)


@cache
def _way(kind: type) -> Callable[[Any], Any]:
    """How a value of this type is made plain. A view of ours is its fields, which is what stands in its `__dict__`."""
    plain = dataclasses.is_dataclass(kind) and get_serializer(kind) is None
    more = any("__slots__" in vars(one) or _caches(one) for one in kind.__mro__[:-1])
    return vars if plain and not more else serialize


def _caches(kind: type) -> bool:
    return any(isinstance(one, cached_property) for one in vars(kind).values())
