"""`rxportal demo`: loads the practice of invented people and prints who can sign in."""

from __future__ import annotations

import json
from dataclasses import replace

import click

from rxportal.adapters.attachments import EncryptedFolder
from rxportal.adapters.passwords import Argon2Passwords
from rxportal.commands.outcome import UNSAFE, Stopped
from rxportal.compose import compose, prepare_database
from rxportal.core.kernel import Kernel
from rxportal.demo.load import OPERATOR, load
from rxportal.demo.people import accounts
from rxportal.demo.receive import Inbox
from rxportal.demo.reset import clear_demo
from rxportal.settings import Settings, load_settings


@click.command("demo")
@click.option("--reset", is_flag=True, help="Remove the demo practice first, and load it anew for today.")
@click.option("--json", "as_json", is_flag=True, help="Print the accounts as JSON.")
def demo(reset: bool, as_json: bool) -> None:
    """Load the demo practice (nothing happens where it is already) and print its accounts."""
    loaded = _loaded(load_settings(), reset=reset)
    if as_json:
        click.echo(json.dumps(accounts(), indent=1))
        return
    click.echo("The demo practice was loaded." if loaded else "The demo practice is here already; nothing changed.")
    click.echo("Everybody in it is invented. Sign in as:")
    for each in accounts():
        click.echo(f"  {each['email']!s:34} {each['password']!s:26} {each['role']}")


def ensure_demo() -> list[dict[str, object]]:
    """Load the demo practice where it is not there yet (`serve --demo`); its accounts."""
    _loaded(load_settings(), reset=False)
    return accounts()


def _loaded(settings: Settings, *, reset: bool) -> bool:
    if settings.production:
        raise Stopped("The demo practice is not for production: its passwords are public. Nothing was changed.", UNSAFE)
    prepare_database(settings)
    # the story's staff act while it is loaded; who signs in as one of them is asked as the settings say
    kernel = compose(replace(settings, staff_factor="optional")).kernel
    inbox = Inbox(EncryptedFolder(settings.attachments, settings.database_key or settings.secret_key))
    try:
        if reset:
            _clear(kernel, inbox)
        return load(kernel, inbox, Argon2Passwords().hash, settings.secret_key.encode())
    finally:
        kernel.engine.dispose()


def _clear(kernel: Kernel, inbox: Inbox) -> None:
    """Rows first, in one transaction; then the files that nothing names any more."""
    inbox.forget(kernel.perform(clear_demo, OPERATOR))


COMMANDS = (demo,)
