"""Exit codes, the same for every command; docs/operations.md lists them."""

from __future__ import annotations

from typing import Final

import click

REFUSED: Final = 1
UNSAFE: Final = 3
PORT_TAKEN: Final = 4
DATABASE_AWAY: Final = 5
REDIS_AWAY: Final = 6
NOT_BUILT: Final = 7


class Stopped(click.ClickException):
    """A command that cannot go on: one sentence, one exit code."""

    def __init__(self, sentence: str, code: int = REFUSED) -> None:
        """`sentence` says what is wrong and what to do; `code` is one of this module's."""
        super().__init__(sentence)
        self.exit_code = code  # type: ignore[misc]  # click declares it on the class

    def show(self, _file: object = None) -> None:
        """Print the sentence as it is, without a prefix."""
        click.echo(self.message, err=True)
