"""A served portal with the matrix's people in it, made straight in its database; its event budget is lifted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from rxportal.adapters.attachments import EncryptedFolder
from rxportal.compose import audit_key
from rxportal.core.database import open_engine
from rxportal.core.kernel import Kernel, PracticeFacts
from rxportal.settings import load_settings
from tests.security.town import Builder, Town
from tests.serving import Served
from tests.write_counter import WriteCounter


@dataclass
class ServedTown:
    """The portal, its people, and the counter in its database."""

    portal: Served
    town: Town
    counter: WriteCounter


@pytest.fixture(scope="session")
def served_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedTown]:
    """Shared by the whole run: nobody there may be signed out, revoked or renamed by a test."""
    portal = Served(tmp_path_factory.mktemp("served-town"), settings={"RXPORTAL_BUDGET_OFF": "1"})
    assert portal.command("patients", "--json").returncode == 0  # makes the database
    settings = load_settings({**portal.environment}, None)
    engine = open_engine(settings.database_url, settings.database_key, settings.var)
    practice = PracticeFacts(settings.practice_name, settings.practice_state, settings.practice_time_zone)
    vault = EncryptedFolder(settings.attachments, settings.database_key)
    town = Builder(Kernel(engine, audit_key(settings), practice=practice), portal.home, vault).build()
    counter = WriteCounter(engine, engine).install()
    portal.start()
    yield ServedTown(portal, town, counter)
    portal.stop()
    engine.dispose()
