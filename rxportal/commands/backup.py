"""`rxportal backup` and `restore`: the embedded database and its attachments in one file, all of it encrypted.

The key is not in it: keep RXPORTAL_DATABASE_KEY, or the key file of the `var` folder, somewhere else.
"""

from __future__ import annotations

import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy import text

from rxportal.commands.outcome import Stopped
from rxportal.commands.presence import alone
from rxportal.core.database import check, encrypted_engine
from rxportal.core.errors import StartRefused
from rxportal.settings import Settings, load_settings

DATABASE = "rxportal.db"
ATTACHMENTS = "attachments"
NOT_EMBEDDED = (
    "This portal's database is PostgreSQL: back it up and restore it with pg_dump and pg_restore, and copy the folder "
    "{attachments} after that (docs/operations.md)."
)


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def backup(path: Path) -> None:
    """Write a consistent, encrypted copy to PATH, also while serving."""
    settings = _embedded()
    if not settings.database_file.is_file():
        raise Stopped(f"There is no database at {settings.database_file} to back up.")
    if path.exists():
        raise Stopped(f"{path} exists. Choose another name: a backup never replaces a backup.")
    draft = path.with_name(f".{path.name}.part")
    with TemporaryDirectory(dir=settings.var, prefix="backup-") as folder:
        copy = Path(folder) / DATABASE
        _copy_database(settings, copy)
        with tarfile.open(draft, "w") as archive:
            archive.add(copy, DATABASE)
            if settings.attachments.is_dir():  # after the database: what it names is then on disk
                archive.add(settings.attachments, ATTACHMENTS)
    draft.chmod(0o600)
    draft.rename(path)
    click.echo(f"{path}: {path.stat().st_size:,} bytes. Keep the database key elsewhere; without it this is noise.")


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(path: Path) -> None:
    """Put the backup in PATH in place of what is there now, which is kept beside it."""
    settings = _embedded()
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(settings.var), TemporaryDirectory(dir=settings.var, prefix="restore-") as folder:
        fresh = Path(folder)
        _unpack(path, fresh)
        _verify(settings, fresh / DATABASE)
        kept = _put_aside(settings)
        (fresh / DATABASE).rename(settings.database_file)
        settings.database_file.chmod(0o600)
        if (fresh / ATTACHMENTS).is_dir():
            (fresh / ATTACHMENTS).rename(settings.attachments)
    click.echo(f"Restored from {path}." + (f" What was there before is in {kept}." if kept else ""))


def _embedded() -> Settings:
    settings = load_settings()
    if not settings.embedded:
        raise Stopped(NOT_EMBEDDED.format(attachments=settings.attachments))
    return settings


def _copy_database(settings: Settings, target: Path) -> None:
    """SQLite's backup API: one consistent state, whoever writes meanwhile."""
    source = encrypted_engine(settings.database_file, settings.database_key)
    copy = encrypted_engine(target, settings.database_key)
    try:
        check(source)
        incoming, outgoing = source.raw_connection(), copy.raw_connection()
        incoming.driver_connection.backup(outgoing.driver_connection)  # type: ignore[union-attr]
        incoming.close()
        outgoing.close()
    finally:
        source.dispose()
        copy.dispose()


def _unpack(path: Path, folder: Path) -> None:
    try:
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, OSError) as fault:
        raise Stopped(f"{path} can’t be read as a backup. Nothing was changed.") from fault
    if not (folder / DATABASE).is_file():
        raise Stopped(f"{path} is not a backup of this portal. Nothing was changed.")


def _verify(settings: Settings, file: Path) -> None:
    """The backup opens with our key and is whole.

    Raises:
        Stopped: it does not, or is not; nothing was changed.
    """
    engine = encrypted_engine(file, settings.database_key)
    try:
        check(engine)
        with engine.connect() as connection:
            answer = connection.execute(text("PRAGMA integrity_check")).scalar()
    except StartRefused:
        raise Stopped("This backup was made with another database key. Nothing was changed.") from None
    finally:
        engine.dispose()
    if answer != "ok":
        raise Stopped("This backup is damaged. Nothing was changed.")


def _put_aside(settings: Settings) -> Path | None:
    """Move what is there now into a folder of its own; None when there is nothing."""
    present = [settings.database_file, *settings.var.glob(f"{DATABASE}-*"), settings.attachments]
    present = [each for each in present if each.exists()]
    if not present:
        return None
    kept = settings.var / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    kept.mkdir(mode=0o700)
    for each in present:
        shutil.move(each, kept / each.name)
    return kept


COMMANDS = (backup, restore)
