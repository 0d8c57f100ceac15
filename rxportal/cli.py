"""The command line. Each command's body is in `rxportal/commands`; a module there lists its own in `COMMANDS`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import Final

import click

from rxportal import commands
from rxportal.commands.outcome import DATABASE_AWAY, REFUSED, UNSAFE
from rxportal.core.errors import PortalError, StartRefused, Unavailable
from rxportal.core.logs import places
from rxportal.settings import SettingsError

# Where a command is found without importing all the others; what is not named here is looked for.
PLACES: Final = {
    "serve": "serve",
    "settings": "settings",
    "backup": "backup",
    "restore": "backup",
    "staff": "staff",
    "second-step": "second_step",
    "demo": "demo",
    "import-fhir": "records",
    "export": "records",
    "patients": "records",
    "use-cases": "registry",
    "audit": "registry",
}


class Commands(click.Group):
    """Imports a command's module when the command is asked for: `serve` must not wait for FHIR."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click asks so)
        """Every command there is, by name."""
        return sorted({name for module in _modules() for name in _found(module)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """One command, or None."""
        likely = PLACES.get(cmd_name)
        modules = [likely] if likely in _modules() else _modules()
        return next((found[cmd_name] for found in map(_found, modules) if cmd_name in found), None)


def _modules() -> list[str]:
    return [each.name for each in pkgutil.iter_modules(commands.__path__)]


def _found(module: str | None) -> dict[str, click.Command]:
    loaded = importlib.import_module(f"rxportal.commands.{module}")
    return {str(command.name): command for command in getattr(loaded, "COMMANDS", ())}


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def rxportal() -> None:
    """A patient portal: serve it, fill it, look after it."""


def main() -> None:
    """Run one command; every expected failure is one sentence on stderr and an exit code (docs/operations.md)."""
    try:
        outcome = rxportal.main(prog_name="rxportal", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.Abort:
        sys.exit(130)
    except SettingsError as problem:
        _end(str(problem), UNSAFE)
    except (StartRefused, Unavailable) as problem:
        _end(problem.message, DATABASE_AWAY)
    except PortalError as problem:
        _end(problem.message, REFUSED)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as fault:  # noqa: BLE001 (its message may quote a record: only its place is told)
        _end(f"This is a fault of the program, nothing you did: {places(fault)}. Nothing more was changed.", 70)
    sys.exit(outcome if isinstance(outcome, int) else 0)


def _end(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(code)
