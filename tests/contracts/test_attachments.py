"""Attachments on disk: given back whole, unreadable without the key, never anybody's path."""

from __future__ import annotations

from pathlib import Path

import pytest

from rxportal.adapters.attachments import AttachmentLost, EncryptedFolder

CONTENT = b"A letter about somebody. " * 50


def test_bytes_come_back_and_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    folder = EncryptedFolder(tmp_path, "a5" * 32)
    name = folder.keep(CONTENT)
    assert folder.keep(CONTENT) == name
    assert folder.read(name) == CONTENT
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert b"somebody" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    folder.forget(name)
    folder.forget(name)
    with pytest.raises(AttachmentLost):
        folder.read(name)


def test_another_key_or_an_altered_file_gives_nothing(tmp_path: Path) -> None:
    folder = EncryptedFolder(tmp_path, "a5" * 32)
    name = folder.keep(CONTENT)
    with pytest.raises(AttachmentLost):
        EncryptedFolder(tmp_path, "b6" * 32).read(name)
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(AttachmentLost):
        folder.read(name)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 41, "A" * 40, "/" * 40])
def test_a_name_is_never_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(AttachmentLost):
        EncryptedFolder(tmp_path, "a5" * 32).read(name)
