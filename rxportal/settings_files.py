"""Files that settings come from: `.env`, and the keys that the first run makes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from pydantic import ValidationError

KEY_BYTES = 32


def read_env_file(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file; quotes around a value are dropped, `#` lines and other lines are not read."""
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value.split(" #", 1)[0].rstrip()


def kept_key(path: Path) -> str:
    """The key in `path` as 64 hexadecimal digits; made on first use, readable by its owner only.

    Two processes may start at once: the first to link its file wins, and both read that one.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        with NamedTemporaryFile("w", dir=path.parent, prefix=".key-", delete=False) as draft:
            draft.write(secrets.token_hex(KEY_BYTES))
            draft.flush()
            os.fsync(draft.fileno())
        try:
            os.link(draft.name, path)
        except FileExistsError:
            pass
        finally:
            Path(draft.name).unlink()
    return path.read_text(encoding="ascii").strip()


def short_problem(problem: ValidationError, prefix: str) -> str:
    """One sentence per bad setting, without repeating the value: it may be a secret."""
    sentences = []
    for error in problem.errors(include_input=False, include_url=False):
        reason = error["msg"].removeprefix("Value error, ")
        if not error["loc"]:
            sentences.append(f"{reason}.")
            continue
        name = prefix + "_".join(str(part) for part in error["loc"]).upper()
        sentences.append(f"{name} cannot be used: {reason[0].lower()}{reason[1:]}.")
    return " ".join(sentences)
