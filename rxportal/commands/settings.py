"""`rxportal settings`: every setting, where its value comes from, secrets masked."""

from __future__ import annotations

import json

import click

from rxportal.commands.outcome import UNSAFE
from rxportal.settings import load_settings
from rxportal.settings_checks import masked, refusals


@click.command("settings")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def settings(as_json: bool) -> int:
    """Print every setting and where it comes from; exit code 3 when the portal would not start with them."""
    loaded = load_settings()
    rows, reasons = masked(loaded), refusals(loaded)
    if as_json:
        table = [{"name": name, "value": value, "from": source} for name, value, source in rows]
        click.echo(json.dumps({"settings": table, "refused": reasons}, indent=1))
    else:
        for name, value, source in rows:
            click.echo(f"{name:38} {value or '-':44} {source}")
        for reason in reasons:
            click.echo(reason, err=True)
    return UNSAFE if reasons else 0


COMMANDS = (settings,)
