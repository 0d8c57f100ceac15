"""The record as a file over plain HTTP: who gets it, how it comes, and that a refusal tells nothing."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxportal.api.download import download_routes
from rxportal.core.cookies import SESSION
from rxportal.core.runtime import Runtime
from rxportal.models.accounts import Account
from rxportal.models.audit import AuditEntry
from tests.factories import World


@pytest.fixture
def client(running: Runtime) -> TestClient:
    app = Starlette(routes=download_routes())
    return TestClient(app, "https://portal.example", follow_redirects=False, raise_server_exceptions=False)


def ask(client: TestClient, world: World, account: Account | None, grant: Any = None) -> Any:
    client.cookies.clear()
    cookie = {"cookie": f"{SESSION}={world.sign_in(account).value}"} if account else {}
    return client.post("/download/record" + (f"?for={grant}" if grant is not None else ""), headers=cookie)


def titles(answer: Any) -> list[str]:
    return [entry["resource"]["id"] for entry in answer.json()["entry"]]


def test_the_owner_gets_one_bundle_under_a_name_that_tells_nothing(client: TestClient, people: World) -> None:
    account, patient = people.owner()
    shown = people.released(patient, "Iron")
    people.result(patient, "Waiting")
    answer = ask(client, people, account)
    assert answer.status_code == 200
    assert titles(answer) == [shown.source_id]
    assert answer.headers["content-type"] == "application/fhir+json; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="health-record-{people.now.date().isoformat()}.json"'
    )
    assert answer.headers["cache-control"] == "no-store"
    (line,) = [row for row in people.rows(AuditEntry) if row.use_case == "export_chart"]
    assert (line.patient_id, line.outcome, json.loads(line.detail)["records"]) == (patient.id, "done", 1)


def test_a_proxy_gets_the_chart_that_the_address_names_as_they_may_see_it(client: TestClient, people: World) -> None:
    _owner, patient = people.owner()
    few, grant = people.proxy(patient, sections="medicines")
    people.released(patient, "Iron")
    assert titles(ask(client, people, few, grant.id)) == []


def test_absent_foreign_ended_and_misspelled_look_the_same(client: TestClient, people: World) -> None:
    stranger, _chart = people.owner()
    _account, grant = people.proxy(people.patient())
    ended, over = people.proxy(people.patient(), revoked_at=people.now)
    answers = [
        ask(client, people, stranger, uuid4()), ask(client, people, stranger, grant.id),
        ask(client, people, ended, over.id), ask(client, people, stranger, "../x"), ask(client, people, ended),
    ]  # fmt: skip
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, b"")}


def test_nobody_is_sent_to_sign_in_and_only_a_form_can_ask(client: TestClient, people: World) -> None:
    answer = ask(client, people, None)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    account, _patient = people.owner()
    cookie = {"cookie": f"{SESSION}={people.sign_in(account).value}"}
    assert client.get("/download/record", headers=cookie).status_code == 405
