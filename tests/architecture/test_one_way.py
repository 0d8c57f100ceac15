"""One way for each thing: patient data through scopes, the environment through settings, Reflex where pages are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import rxportal.models  # noqa: F401  (registers every table)

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "rxportal"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
# Tables that hang on a patient, directly or through a record.
OWNED = {
    "Patient", "Record", "RecordVersion", "RecordLink", "PendingLink", "Reading", "Attachment", "ReleaseEvent",
    "TeenChoice", "TimingChoice",
}  # fmt: skip
# The few places outside core/ that read such a table by themselves, and why that is no way round the rights.
ALLOWED = {
    "services/notices.py": "asks for each grant whether its holder may see a record before writing to them",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def called(call: ast.Call) -> str:
    return ast.unparse(call.func)


def names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def bare_reads(path: Path) -> list[str]:
    """Reads of patient-owned tables that do not begin at a scope: `select(Record)`, `session.get(Patient, …)`."""
    found = []
    for call in calls(path):
        target = called(call)
        last = target.rpartition(".")[2]
        bare = target in {"select", "sql_select", "sqlmodel.select", "sa.select"} or (
            last in {"get", "query"} and "session" in target
        )
        if bare and any(names_in(argument) & OWNED for argument in call.args):
            found.append(f"{name_of(path)}:{call.lineno}: {ast.unparse(call)[:80]}")
        if last == "text" and any("from " in ast.unparse(argument).lower() for argument in call.args):
            found.append(f"{name_of(path)}:{call.lineno}: SQL as text")
    return found


OUTSIDE = [path for path in MODULES if not name_of(path).startswith(("core/", "migrations/"))]


def test_patient_owned_tables_are_read_through_a_scope() -> None:
    found = [line for path in OUTSIDE if name_of(path) not in ALLOWED for line in bare_reads(path)]
    assert found == []


def test_every_exception_is_still_one() -> None:
    unneeded = [name for name in ALLOWED if (PACKAGE / name).is_file() and not bare_reads(PACKAGE / name)]
    assert unneeded == [], "take these off the list"


def test_the_list_of_patient_owned_tables_is_whole() -> None:
    """A new table with patient_id or record_id joins the list here, or is said why not."""
    elsewhere = {"chart_grant", "audit_entry"}  # who may open a chart, and who did: core/ reads them
    # how an account comes to a chart: asked before it has one, by account or by the hash of a code; no health fact
    elsewhere |= {"claim", "visit_code", "file_code", "court_order", "invitation"}
    for table in SQLModel.metadata.tables.values():
        if {"patient_id", "record_id"} & set(table.columns.keys()) and table.name not in elsewhere:
            names = {mapper.class_.__name__ for mapper in mappers() if mapper.local_table is table}
            assert names <= OWNED, f"{names} belongs to a patient"


def mappers() -> list[object]:
    from sqlmodel.main import default_registry

    return list(default_registry.mappers)


def test_a_bare_read_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    for text in (
        "rows = scope.session.exec(select(Record).where(Record.id == key))",
        "row = chart.session.get(Record, key)",
        "n = select(func.count(Reading.id))",
        "session.execute(text('SELECT body FROM record'))",
    ):
        file = tmp_path / "sneaky.py"
        file.write_text(text)
        assert bare_reads(file), text


def test_pages_states_routes_and_jobs_read_no_table_at_all() -> None:
    found = []
    for path in MODULES:
        if name_of(path).startswith(("pages/", "components/", "state/", "desk/", "api/", "jobs/")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                modules = []
                if isinstance(node, ast.ImportFrom):
                    modules = [node.module or ""]
                elif isinstance(node, ast.Import):
                    modules = [one.name for one in node.names]
                found += [
                    f"{name_of(path)}: {one}"
                    for one in modules
                    if one.split(".")[0] in {"sqlalchemy", "sqlmodel", "psycopg"}
                ]
    assert found == []


def test_transactions_are_opened_by_the_kernel_alone() -> None:
    openers = {"transaction", "Session", "Database", "create_engine", "sessionmaker", "begin", "commit"}
    found = []
    for path in OUTSIDE:
        if name_of(path).startswith(("services/", "state/", "pages/", "desk/", "api/", "jobs/", "rules/", "fhir/")):
            for call in calls(path):
                last = called(call).rpartition(".")[2]
                constructed = last == "Session" and any(key.arg == "token_hash" for key in call.keywords)
                if last in openers and not constructed:
                    found.append(f"{name_of(path)}:{call.lineno}: {called(call)}")
    assert found == []


def test_the_environment_is_read_by_the_settings_alone() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        if name_of(path) != "settings.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv", "os.putenv"})
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and {a.name for a in node.names} & {"environ", "getenv"}
        )
    ]
    assert found == []


def test_reflex_stays_where_pages_are() -> None:
    allowed = ("state/", "components/", "pages/", "desk/", "rxportal.py")
    # the build drives Reflex's own exporter; serving starts it
    found = [
        name_of(path)
        for path in MODULES
        if not name_of(path).startswith(allowed)
        and re.search(r"^\s*(import|from) reflex", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert found == []


FORBIDDEN_OF_REFLEX = {
    "upload", "upload_files", "toast", "call_script", "call_function", "run_script", "window_alert", "console_log",
    "set_clipboard", "scroll_to", "Cookie", "LocalStorage", "SessionStorage", "html", "markdown", "memo_eval", "eval",
    "SharedState", "ComponentState", "script", "clear_local_storage", "remove_cookie",
}  # fmt: skip


def test_nothing_that_needs_eval_or_trusts_the_browser() -> None:
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_OF_REFLEX:
                root = ast.unparse(node)
                if root.startswith(("rx.", "reflex.")) and not root.startswith("rx.el.script_"):
                    found.append(f"{name_of(path)}:{node.lineno}: {root}")
    assert found == []


def test_computed_vars_read_no_database() -> None:
    """They run on every hydrate of every visitor, and once at build time into public files."""
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
                ast.unparse(mark).startswith("rx.var") for mark in node.decorator_list
            ):
                inside = {called(call).rpartition(".")[2] for call in ast.walk(node) if isinstance(call, ast.Call)}
                if inside & {"_perform", "perform", "off_loop", "current"}:
                    found.append(f"{name_of(path)}:{node.lineno}")
    assert found == []


PRINTERS = ("commands/", "cli.py", "build/")


def test_nothing_prints_but_the_command_line() -> None:
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in MODULES
        if not name_of(path).startswith(PRINTERS)
        for call in calls(path)
        if called(call) in {"print", "pprint", "sys.stdout.write", "sys.stderr.write", "click.echo"}
    ]
    assert found == []


SAFE_TO_LOG = re.compile(
    r"^(type\((fault|ex|error|problem|refusal)\)\.__name__|(fault|refusal|problem)\.code|TooMany\.code|case\.name"
    r"|reference|doing|name|places(\(.*\))?|_route\(scope\)|counted|count|number|len\(.*\)|seconds|job|why|self\._name)$"
)


def test_a_log_line_holds_codes_and_counts_only() -> None:
    """Every value that goes into a log line is one of a few known names; a new one is a thought about patient data."""
    found = []
    for path in OUTSIDE + [path for path in MODULES if name_of(path).startswith("core/")]:
        for call in calls(path):
            target = called(call)
            if re.fullmatch(r"(log|logger|logging)\.(debug|info|warning|error|critical|exception|log)", target):
                if target.endswith(".exception") or any(key.arg == "exc_info" for key in call.keywords):
                    found.append(f"{name_of(path)}:{call.lineno}: a traceback")
                if call.args and not isinstance(call.args[0], ast.Constant):
                    found.append(f"{name_of(path)}:{call.lineno}: {ast.unparse(call.args[0])}")
                values = [ast.unparse(value) for value in call.args[1:]]
                found += [f"{name_of(path)}:{call.lineno}: {one}" for one in values if not SAFE_TO_LOG.match(one)]
    assert found == []


def test_titles_and_addresses_of_pages_are_fixed_words() -> None:
    from tests.security.pipeline import portal

    portal()
    from rxportal.pages.routes import NOT_FOUND, PAGES

    for page in (*PAGES, NOT_FOUND):
        assert isinstance(page.title, str)
        assert isinstance(page.description, str)
        assert "rx_state" not in page.title + page.description


def test_every_page_that_is_not_open_loads_the_session_first() -> None:
    from tests.security.pipeline import name_of as full_name
    from tests.security.pipeline import portal

    portal()
    from rxportal.pages.routes import PAGES
    from rxportal.state.session import SessionState

    for page in PAGES:
        if not page.open:
            assert page.on_load, page.route
            # a page that shows nothing of its own asks by itself who it is for (ADR 0005)
            first = SessionState.load if len(page.on_load) > 1 else SessionState.load_alone
            assert full_name(page.on_load[0]) == full_name(first), page.route
