"""`rxportal staff add`: a place at the desk, and a one-time link to set a password."""

from __future__ import annotations

import click

from rxportal.compose import compose, prepare_database
from rxportal.core.errors import PortalError
from rxportal.core.identity import Operator
from rxportal.models.accounts import Role
from rxportal.services.staff import add_staff
from rxportal.settings import load_settings


@click.group()
def staff() -> None:
    """The practice's people."""


@staff.command("add")
@click.option("--email", required=True, help="Who signs in.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they do here.")
@click.option("--name", default="", help="Their name, as patients read it.")
@click.option("--title", default="", help="For example Dr. or RN.")
def add(email: str, role: str, name: str, title: str) -> None:
    """Make a staff account and print a one-time link to set its password."""
    settings = load_settings()
    try:
        prepare_database(settings)
        kernel = compose(settings).kernel
        invitation = kernel.perform(
            add_staff, Operator(), email=email, role=role, name=name or email.partition("@")[0], title=title
        )
    except PortalError as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo(f"{settings.origin}/password/{invitation.token}")
    click.echo("Give this link to them only. It works once, for one day.", err=True)


COMMANDS = (staff,)
