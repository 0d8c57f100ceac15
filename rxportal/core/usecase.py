"""`@use_case` and `Kernel.perform`: begin, actor, authorize, run, audit, outbox, commit, publish."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, TypeVar, get_type_hints

from pydantic import BaseModel

from rxportal.core.access import Permission
from rxportal.core.inputs import input_model
from rxportal.core.scopes import AccountScope, Chart, Desk, PublicScope, Scope

P = ParamSpec("P")
T = TypeVar("T")
Kind = Literal["read", "write"]
SCOPES: tuple[type[Scope], ...] = (Chart, Desk, AccountScope, PublicScope)


@dataclass(frozen=True)
class UseCase:
    """One person's intention: what the registry knows of it.

    `audited`: a person who does this leaves an audit line (a live re-read never does).
    `topic`: what is published after a write. `fresh`: only soon after the person proved who they are (`FRESH_FOR`).
    `kept`: what it makes is made anew only when it reads something else (`core.kept`); it reads by `read` and `asks`.
    """

    name: str
    permission: Permission
    kind: Kind
    scope: type[Scope]
    function: Callable[..., Any]
    inputs: type[BaseModel]
    audited: bool
    topic: str
    summary: str
    fresh: bool = False
    kept: bool = False


REGISTRY: dict[str, UseCase] = {}


def use_case(
    permission: Permission, *, kind: Kind = "read", audited: bool = True, fresh: bool = False, kept: bool = False
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Register a function as a use case. The annotation of its first parameter is its scope.

    Raises:
        TypeError: the first parameter is no scope, or another parameter is not keyword-only.
        ValueError: the name is taken.
    """

    def register(function: Callable[P, T]) -> Callable[P, T]:
        parameters = list(inspect.signature(function).parameters.values())
        scope = get_type_hints(function).get(parameters[0].name) if parameters else None
        if scope not in SCOPES:
            raise TypeError(f"{function.__name__}: the first parameter must be one of the four scopes")
        if any(parameter.kind is not inspect.Parameter.KEYWORD_ONLY for parameter in parameters[1:]):
            raise TypeError(f"{function.__name__}: inputs are keyword-only")
        if function.__name__ in REGISTRY and REGISTRY[function.__name__].function.__module__ != function.__module__:
            raise ValueError(f"{function.__name__} is registered twice")
        REGISTRY[function.__name__] = UseCase(
            name=function.__name__,
            permission=permission,
            kind=kind,
            scope=scope,
            function=function,
            inputs=input_model(function),
            audited=audited,
            topic=permission.value.partition(":")[0],
            summary=(inspect.getdoc(function) or "").partition("\n")[0],
            fresh=fresh,
            kept=kept,
        )
        return function

    return register


def registered(function: Callable[..., Any]) -> UseCase:
    """The registry's entry of a use case function.

    Raises:
        LookupError: this function is no use case.
    """
    found = REGISTRY.get(function.__name__)
    if found is None or found.function is not function:
        raise LookupError(f"{function.__name__} is not a use case")
    return found
