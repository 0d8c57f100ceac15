"""Starting badly: each cause one sentence and one exit code, and nothing changed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from rxportal.core.database import open_engine
from rxportal.settings import load_settings
from tests.ports import free_port
from tests.security.socket_client import Socket
from tests.serving import Served


@pytest.fixture
def portal(tmp_path: Path) -> Served:
    """A portal in a folder of its own, not started."""
    return Served(tmp_path)


def serving(portal: Served, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Try to serve; it must end by itself."""
    portal.settings.update(settings)
    return portal.command("serve", "--port", str(portal.port), *arguments, seconds=30)


def prepared(portal: Served) -> None:
    """Make its database, by a command that needs one."""
    assert portal.command("staff", "add", "--email", "lee@clinic.example", "--role", "clinician").returncode == 0


def test_more_workers_without_redis_and_postgresql_are_refused(portal: Served) -> None:
    done = serving(portal, "--workers", "2")
    assert done.returncode == 3
    assert "RXPORTAL_REDIS_URL and RXPORTAL_DATABASE_URL" in done.stderr
    assert not (portal.var / "rxportal.db").exists()


def test_an_unsafe_production_names_everything_at_once(portal: Served) -> None:
    done = serving(portal, RXPORTAL_ENV="production")
    assert done.returncode == 3
    for name in ("SECRET_KEY", "DATABASE_KEY", "PUBLIC_URL", "SMTP_URL"):
        assert f"RXPORTAL_{name}" in done.stderr


def test_a_mistyped_setting_is_named(portal: Served) -> None:
    done = serving(portal, RXPORTAL_IDLE_MINUTES="soon")
    assert (done.returncode, "RXPORTAL_IDLE_MINUTES" in done.stderr) == (3, True)


def test_a_port_in_use_is_said(portal: Served) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", portal.port))
        taken.listen()
        done = serving(portal)
    assert done.returncode == 4
    assert str(portal.port) in done.stderr


def test_a_wrong_database_key_is_said_and_changes_nothing(portal: Served) -> None:
    prepared(portal)
    before = (portal.var / "rxportal.db").read_bytes()
    done = serving(portal, RXPORTAL_DATABASE_KEY="ab" * 32)
    assert done.returncode == 5
    assert "RXPORTAL_DATABASE_KEY" in done.stderr
    assert "Traceback" not in done.stderr
    assert (portal.var / "rxportal.db").read_bytes() == before


def test_redis_away_at_the_start_is_said(portal: Served) -> None:
    done = serving(portal, RXPORTAL_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert (done.returncode, "RXPORTAL_REDIS_URL" in done.stderr) == (6, True)


def test_postgresql_away_at_the_start_is_said(portal: Served) -> None:
    done = serving(portal, RXPORTAL_DATABASE_URL=f"postgresql://a:hunter2@127.0.0.1:{free_port()}/x")
    assert (done.returncode, "RXPORTAL_DATABASE_URL" in done.stderr) == (5, True)
    assert "hunter2" not in done.stderr


def test_after_a_kill_the_same_port_serves_again(portal: Served) -> None:
    portal.start()
    assert portal.process is not None
    os.kill(portal.process.pid, signal.SIGKILL)  # the server alone: its worker must notice by itself
    portal.process.wait(timeout=10)
    until = time.monotonic() + 10
    while portal.ready():
        assert time.monotonic() < until, "the worker goes on without its server"
    portal.start()
    assert httpx.get(f"{portal.url}/healthz").json() == {"status": "ok"}
    portal.stop()


def test_a_backup_taken_while_serving_restores_and_is_noise_to_others(portal: Served, tmp_path: Path) -> None:
    prepared(portal)
    portal.start()
    copy = tmp_path / "backup.tar"
    assert portal.command("backup", str(copy)).returncode == 0
    assert portal.command("backup", str(copy)).returncode == 1  # never in place of another
    assert b"lee@clinic" not in copy.read_bytes()
    refused = portal.command("restore", str(copy))
    assert (refused.returncode, "Stop it first" in refused.stderr) == (1, True)
    portal.stop()

    (portal.var / "rxportal.db").write_bytes(b"lost")
    restored = portal.command("restore", str(copy))
    assert restored.returncode == 0, restored.stderr
    settings = load_settings({**portal.environment, "RXPORTAL_ENV": "test"}, None)
    engine = open_engine("", settings.database_key, settings.var)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM account")).scalar() == 1
    engine.dispose()
    assert list(portal.var.glob("before-restore-*"))


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\0" * 2048])
def test_what_is_no_backup_is_refused_and_changes_nothing(portal: Served, tmp_path: Path, content: bytes) -> None:
    prepared(portal)
    before = (portal.var / "rxportal.db").read_bytes()
    (tmp_path / "x").write_bytes(content)
    done = portal.command("restore", str(tmp_path / "x"))
    assert done.returncode == 1
    assert "Nothing was changed" in done.stderr
    assert (portal.var / "rxportal.db").read_bytes() == before


def test_a_backup_of_another_key_is_refused(portal: Served, tmp_path: Path) -> None:
    prepared(portal)
    assert portal.command("backup", str(tmp_path / "b.tar")).returncode == 0
    other = Served(tmp_path / "other")
    other.home.mkdir()
    done = other.command("restore", str(tmp_path / "b.tar"))
    assert (done.returncode, "another database key" in done.stderr) == (1, True)
    assert not (other.var / "rxportal.db").exists()


def test_nothing_serves_without_a_built_front_end(tmp_path: Path) -> None:
    code = "import rxportal.commands.serve as s, pathlib; s.SITE = pathlib.Path('/nowhere'); s.serve.main([])"
    done = subprocess.run(  # noqa: PLW1510  (the exit code is what is looked at)
        [sys.executable, "-c", code], env={**os.environ, "RXPORTAL_VAR": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 7
    assert "make setup" in done.stderr


@pytest.mark.alone
def test_a_warm_start_takes_seconds(portal: Served) -> None:
    prepared(portal)
    started = time.monotonic()
    portal.start()
    took = time.monotonic() - started
    portal.stop()
    assert took < 10


@pytest.mark.alone
def test_it_stops_at_once_though_pages_are_open(portal: Served) -> None:
    prepared(portal)
    portal.start()
    sockets = [Socket(portal.url) for _ in range(3)]
    assert portal.process is not None
    started = time.monotonic()
    portal.process.terminate()
    assert portal.process.wait(timeout=20) == 0
    assert time.monotonic() - started < 4
    assert "refused to gracefully stop" not in portal.printed()
    assert all(socket.closed or socket.closed for socket in sockets)
