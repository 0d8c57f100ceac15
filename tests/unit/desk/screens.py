"""A still picture of the desk's state."""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

from reflex.istate.proxy import MutableProxy


def snapshot(state: Any) -> SimpleNamespace:
    """Every field of the state as it is now, without Reflex's proxies."""
    held = {name: getattr(state, name) for name in state.get_fields() if not name.startswith("_")}
    held["drafts"] = state._drafts
    return SimpleNamespace(**{name: deepcopy(bare(value)) for name, value in held.items()})


def bare(value: Any) -> Any:
    """What a proxy stands for."""
    return value.__wrapped__ if isinstance(value, MutableProxy) else value
