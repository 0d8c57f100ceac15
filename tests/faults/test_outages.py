"""What the portal stands on goes away in the middle of a visit and comes back: the visit goes on as it was."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opener, Visitor, settled
from tests.postgres import Postgres
from tests.redis_server import RedisServer
from tests.serving import Served, demo_on, wide_portal

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.redis]
RECOVERY_MS = 15_000


@pytest.fixture(scope="module")
def own_redis() -> Iterator[RedisServer]:
    """A Redis that this module may kill."""
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL that this module may kill."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def portal(
    tmp_path_factory: pytest.TempPathFactory, own_postgres: Postgres, own_redis: RedisServer
) -> Iterator[Served]:
    """A portal on both."""
    loaded = demo_on(own_postgres, tmp_path_factory.mktemp("faults-demo"))
    with wide_portal(tmp_path_factory.mktemp("faults"), own_postgres, own_redis, "faults", loaded) as made:
        yield made


@pytest.fixture
def reader(portal: Served, visitors: Opener) -> Visitor:
    """Maya, in the middle of looking for something."""
    visitor = visitors(portal)
    visitor.borrow(portal.cookie("maya"))
    page = visitor.go("/results")
    settled(page)
    page.get_by_role("searchbox").fill("metabolic")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("link", name="Lipid panel")).to_have_count(0)
    return visitor


def goes_on(page: Page) -> None:
    """The visit goes on where it was: still signed in, what was typed is there, the next click works."""
    until = time.monotonic() + RECOVERY_MS / 1000
    while True:
        try:
            assert "/sign-in" not in page.url, "signed out"
            page.get_by_role("searchbox").press("Enter")
            link = page.get_by_role("link", name=re.compile("Basic metabolic panel")).first
            link.click(timeout=2_000)
            page.wait_for_url(re.compile(r"/results/[0-9a-f-]{36}"), timeout=2_000)
            expect(page.get_by_role("main")).to_contain_text("Creatinine", timeout=2_000)
            return  # noqa: TRY300
        except Exception:
            if time.monotonic() > until:
                raise
            if re.search(r"/results/[0-9a-f-]{36}", page.url):
                page.go_back()


def test_redis_goes_and_comes_back(portal: Served, own_redis: RedisServer, reader: Visitor) -> None:
    before = len(portal.printed())
    own_redis.kill()
    time.sleep(2)
    expect(reader.page.get_by_role("searchbox")).to_have_value("metabolic")
    own_redis.start()
    goes_on(reader.page)
    assert len(portal.printed()) - before < 100_000, "the outage flooded the log"


def test_postgresql_goes_and_comes_back(portal: Served, own_postgres: Postgres, reader: Visitor) -> None:
    own_postgres.kill()
    page = reader.page
    page.get_by_role("link", name=re.compile("Basic metabolic panel")).first.click()
    page.wait_for_timeout(1_500)
    assert "/sign-in" not in page.url
    own_postgres.start()
    page.goto(portal.url + "/results")
    settled(page)
    page.get_by_role("searchbox").fill("metabolic")
    goes_on(page)


def test_the_app_is_killed_and_started_again_and_one_is_still_signed_in(portal: Served, reader: Visitor) -> None:
    portal.kill()
    time.sleep(1)
    portal.start()
    goes_on(reader.page)
    fresh = reader.tab()
    fresh.goto(portal.url + "/home")
    settled(fresh)
    expect(fresh.locator("body")).to_contain_text("Maya")


def test_the_embedded_app_is_killed_and_started_again_and_one_is_still_signed_in(
    served: Served, visitors: Opener
) -> None:
    visitor = visitors(served)
    visitor.borrow(served.cookie("maya"))
    page = visitor.go("/results")
    settled(page)
    served.kill()
    served.start()
    page.get_by_role("searchbox").fill("metabolic")
    goes_on(page)
