"""The key of tokens."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.redaction.key import VARIABLE, kept_key, key_file, own_key
from harness.redaction.tokens import Tokens


def test_a_key_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    """Also when several ask at once."""
    file = tmp_path / "deep" / "key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: kept_key(file), range(32)))

    assert len(keys) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["key"]


def test_a_file_that_holds_no_key_is_refused(tmp_path: Path) -> None:
    """Rather than used as a weak one."""
    for content in ("", "hello", "ab"):
        (tmp_path / "key").write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match=r"key|hexadecimal|bytes"):
            kept_key(tmp_path / "key")


def test_where_no_key_can_be_kept_there_is_one_for_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written unredacted for want of a key."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file" / "key"))

    assert key_file() == tmp_path / "file" / "key"
    assert own_key() != own_key()
    assert len(own_key()) == 32


def test_a_key_is_asked_for_when_it_is_needed() -> None:
    """Most projects have no secret in their tests."""
    asked: list[int] = []

    def key() -> bytes:
        asked.append(1)
        return b"k" * 32

    tokens = Tokens(key)
    assert not asked
    assert tokens.text("secret") == tokens.text("secret") != Tokens(b"x" * 32).text("secret")
    assert asked == [1]
