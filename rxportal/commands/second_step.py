"""`rxportal second-step remove`: for somebody who lost everything and showed at the desk who they are."""

from __future__ import annotations

import click

from rxportal.compose import compose, prepare_database
from rxportal.core.errors import PortalError
from rxportal.core.identity import Operator
from rxportal.services.factors_lost import forget_factors
from rxportal.settings import load_settings


@click.group("second-step")
def second_step() -> None:
    """Passkeys and codes that accounts are asked for."""


@second_step.command("remove")
@click.option("--email", required=True, help="Whose; they showed a photo ID at the desk.")
def remove(email: str) -> None:
    """Take all passkeys and codes off an account, so that its person sets them up again."""
    settings = load_settings()
    try:
        prepare_database(settings)
        count = compose(settings).kernel.perform(forget_factors, Operator(), email=email)
    except PortalError as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo(f"Removed: {count}. Every sign-in of the account has ended, and a letter tells its person.")


COMMANDS = (second_step,)
