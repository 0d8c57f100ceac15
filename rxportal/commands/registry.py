"""`rxportal use-cases` and `rxportal audit verify`: what can be done here and by whom; whether its log is whole."""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Any

import click

from rxportal import demo, services
from rxportal.commands.outcome import REFUSED
from rxportal.compose import compose, prepare_database
from rxportal.core.access import TABLE, Relationship
from rxportal.core.identity import Operator
from rxportal.core.usecase import REGISTRY, UseCase
from rxportal.services.audit import count_audit_lines
from rxportal.settings import load_settings

MARK = {True: "yes", False: ""}


def use_cases() -> list[UseCase]:
    """Every use case of the portal, by name."""
    for package in (services, demo):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    ours = [case for case in REGISTRY.values() if case.function.__module__.startswith("rxportal.")]
    return sorted(ours, key=lambda case: case.name)


def facts(case: UseCase) -> dict[str, Any]:
    """One use case as `--json` tells it. `who` lists relationships in the order of `Relationship`."""
    allowed = TABLE[case.permission]
    return {
        "name": case.name,
        "permission": case.permission.value,
        "kind": case.kind,
        "scope": case.scope.__name__.removesuffix("Scope").lower(),
        "audited": case.audited,
        "who": [one.value for one in Relationship if one in allowed],
        "summary": case.summary,
    }


def markdown() -> str:
    """The page docs/permissions.md."""
    columns = list(Relationship)
    lines = [
        "# Who may do what",
        "",
        "Made from the registry of use cases by `python -m rxportal use-cases --markdown`; a test fails when it is out",
        "of date. Whoever has no relationship to a chart or desk is told that it can't be found; whoever has one",
        "without the permission is told so. A read-only grant never does more than the column `read_only` says.",
        "",
        "| use case | what it does | permission | kind | " + " | ".join(one.value for one in columns) + " |",
        "|---|---|---|---|" + "---|" * len(columns),
    ]
    for case in use_cases():
        cells = " | ".join(MARK[one in TABLE[case.permission]] for one in columns)
        lines.append(f"| `{case.name}` | {case.summary} | `{case.permission.value}` | {case.kind} | {cells} |")
    return "\n".join(lines) + "\n"


@click.command("use-cases")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="As the page docs/permissions.md.")
def list_use_cases(as_json: bool, as_markdown: bool) -> None:
    """Every use case: name, permission, kind, who may."""
    if as_markdown:
        click.echo(markdown(), nl=False)
        return
    known = [facts(case) for case in use_cases()]
    if as_json:
        click.echo(json.dumps(known, indent=2))
        return
    for one in known:
        click.echo(f"{one['name']:28} {one['permission']:24} {one['kind']:6} {', '.join(one['who'])}")


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify(as_json: bool) -> None:
    """Walk the hash chain; exit 1 and the first broken line if it was altered."""
    settings = load_settings()
    prepare_database(settings)
    runtime = compose(settings)
    try:
        fault, lines = runtime.kernel.audit_fault(), runtime.kernel.perform(count_audit_lines, Operator(), live=True)
    finally:
        runtime.kernel.engine.dispose()
    if as_json:
        click.echo(json.dumps({"whole": not fault, "lines": lines, "fault": fault or None}))
    else:
        click.echo(f"The audit log was altered: {fault}." if fault else f"The audit log is whole: {lines} lines.")
    if fault:
        raise click.exceptions.Exit(REFUSED)


COMMANDS = (list_use_cases, audit)
