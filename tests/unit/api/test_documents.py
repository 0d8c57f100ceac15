"""Files of a chart over plain HTTP: who gets them, how they come, and that a refusal tells nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rxportal.adapters.attachments import EncryptedFolder
from rxportal.api.documents import document_routes, handed
from rxportal.core.cookies import SESSION
from rxportal.core.runtime import Runtime
from rxportal.models.accounts import Account, Level, Patient
from rxportal.models.audit import AuditEntry
from rxportal.models.records import Attachment, Kind, Sensitivity
from rxportal.services.documents_views import OpenedFile
from tests.factories import World
from tests.unit.services.visiting import paper

PDF = b"%PDF-1.4 a letter"
HTML = b"<script>alert(document.cookie)</script>"


@pytest.fixture
def vault(tmp_path: Path) -> EncryptedFolder:
    return EncryptedFolder(tmp_path / "attachments", "k" * 64)


@pytest.fixture
def client(running: Runtime, vault: EncryptedFolder) -> TestClient:
    app = Starlette(routes=document_routes(vault))
    return TestClient(app, "https://portal.example", follow_redirects=False, raise_server_exceptions=False)


def keep(world: World, vault: EncryptedFolder, patient: Patient, content: bytes, media: str, **more: Any) -> Attachment:
    """A document with this file inside."""
    _row, file = paper(world, patient, media=media, **more)
    file.file, file.size = vault.keep(content), len(content)
    return world.store(file)


def get(client: TestClient, world: World, account: Account | None, file: Any, grant: Any = None) -> Any:
    client.cookies.clear()
    cookie = {"cookie": f"{SESSION}={world.sign_in(account).value}"} if account else {}
    query = f"?for={grant}" if grant is not None else ""
    return client.get(f"/documents/{getattr(file, 'id', file)}{query}", headers=cookie)


def test_the_owner_gets_the_file_to_look_at(client: TestClient, people: World, vault: EncryptedFolder) -> None:
    account, patient = people.owner()
    file = keep(people, vault, patient, PDF, "application/pdf")
    answer = get(client, people, account, file)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'inline; filename="document-{str(file.id)[:8]}.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert {"sandbox", "default-src 'none'"} <= {
        part.strip() for part in answer.headers["content-security-policy"].split(";")
    }
    (line,) = [row for row in people.rows(AuditEntry) if row.use_case == "open_document"]
    assert (str(file.id) in line.detail, str(file.record_id) in line.detail, line.outcome) == (True, True, "done")


@pytest.mark.parametrize(
    ("kind", "content", "media", "way", "ending"),
    [
        ("application/pdf", PDF, "application/pdf", "inline", "pdf"),
        ("image/png", b"\x89PNG\r\n\x1a\n..", "image/png", "inline", "png"),
        ("image/jpeg; q=1", b"\xff\xd8\xff..", "image/jpeg", "inline", "jpg"),
        ("text/plain; charset=utf-8", "Größe".encode(), "text/plain; charset=utf-8", "inline", "txt"),
        ("text/plain", "Größe".encode("cp1252"), "text/plain; charset=windows-1252", "inline", "txt"),
        ("text/html", HTML, "application/octet-stream", "attachment", "html"),
        ("application/xml", b"<ClinicalDocument/>", "application/octet-stream", "attachment", "xml"),
        ("text/rtf", b"{\\rtf1}", "application/octet-stream", "attachment", "rtf"),
        ("image/svg+xml", b"<svg onload='x'/>", "application/octet-stream", "attachment", "svg"),
        ("application/pdf", HTML, "application/octet-stream", "attachment", "pdf"),
        ("image/png", HTML, "application/octet-stream", "attachment", "png"),
        ("", HTML, "application/octet-stream", "attachment", "bin"),
        ("text/html\r\nset-cookie: a=b", HTML, "application/octet-stream", "attachment", "bin"),
        ("application/x-msdownload", b"MZ", "application/octet-stream", "attachment", "bin"),
    ],
)  # fmt: skip
def test_only_what_runs_nothing_is_shown_all_else_is_a_download(
    kind: str, content: bytes, media: str, way: str, ending: str
) -> None:
    answer = handed(OpenedFile("f", kind, len(content), "0a1b2c3d"), content)
    assert answer.headers["content-type"] == media
    assert answer.headers["content-disposition"] == f'{way}; filename="document-0a1b2c3d.{ending}"'
    assert answer.headers["content-disposition"].isascii()
    assert answer.body == content


def test_a_proxy_gets_it_by_their_grant_and_no_other_way(
    client: TestClient, people: World, vault: EncryptedFolder
) -> None:
    _owner, patient = people.owner()
    file = keep(people, vault, patient, PDF, "application/pdf")
    proxy, grant = people.proxy(patient)
    assert get(client, people, proxy, file, grant.id).status_code == 200
    assert get(client, people, proxy, file).status_code == 404
    stranger, own = people.owner()
    assert get(client, people, stranger, file).status_code == 404
    assert get(client, people, stranger, file, grant.id).status_code == 404
    assert own.id != patient.id


def test_absent_foreign_hidden_ended_and_misspelled_look_the_same(
    client: TestClient, people: World, vault: EncryptedFolder
) -> None:
    account, patient = people.owner()
    proxy, grant = people.proxy(patient, Level.FULL)
    teen = people.child(15)
    parent, theirs = people.parent(teen)
    ended, over = people.proxy(patient, revoked_at=people.now)
    tells = {"sensitivity": Sensitivity.HIV, "own_sensitivity": Sensitivity.HIV}
    secret = keep(people, vault, patient, PDF, "application/pdf", **tells)
    withheld = keep(people, vault, patient, PDF, "application/pdf", kind=Kind.HIV, own_kind=Kind.HIV)
    waiting = keep(people, vault, patient, PDF, "application/pdf", own_kind=Kind.PATHOLOGY, kind=Kind.PATHOLOGY)
    struck = keep(people, vault, patient, PDF, "application/pdf", struck=True)
    plain = keep(people, vault, patient, PDF, "application/pdf")
    answers = [
        get(client, people, account, uuid4()),
        get(client, people, account, "not-an-id"),
        get(client, people, account, withheld),
        get(client, people, account, waiting),
        get(client, people, account, struck),
        get(client, people, account, keep(people, vault, people.patient(), PDF, "application/pdf")),
        get(client, people, proxy, secret, grant.id),
        get(client, people, parent, keep(people, vault, teen, PDF, "application/pdf"), theirs.id),
        get(client, people, ended, plain, over.id),
        get(client, people, proxy, plain, "nonsense"),
        get(client, people, people.staff(), plain),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert {(answer.content, str(sorted(answer.headers.items()))) for answer in answers} == {
        (answers[0].content, str(sorted(answers[0].headers.items())))
    }
    assert get(client, people, account, secret).status_code == 200


def test_nobody_is_sent_to_sign_in_whether_or_not_it_exists(
    client: TestClient, people: World, vault: EncryptedFolder
) -> None:
    _account, patient = people.owner()
    file = keep(people, vault, patient, PDF, "application/pdf")
    for wanted in (file, uuid4()):
        answer = get(client, people, None, wanted)
        assert (answer.status_code, answer.headers["location"], answer.content) == (303, "/sign-in", b"")
    client.cookies.clear()
    assert client.get(f"/documents/{file.id}", headers={"cookie": f"{SESSION}=stolen"}).status_code == 303


def test_an_altered_file_is_a_fault_and_never_given_out(
    client: TestClient, people: World, vault: EncryptedFolder, tmp_path: Path
) -> None:
    account, patient = people.owner()
    file = keep(people, vault, patient, PDF, "application/pdf")
    stored = next(path for path in (tmp_path / "attachments").rglob("*") if path.is_file())
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    assert get(client, people, account, file).status_code == 500


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_file_can_only_be_read(client: TestClient, people: World, vault: EncryptedFolder, method: str) -> None:
    account, patient = people.owner()
    file = keep(people, vault, patient, PDF, "application/pdf")
    cookie = {"cookie": f"{SESSION}={people.sign_in(account).value}"}
    assert client.request(method, f"/documents/{file.id}", headers=cookie).status_code == 405
