"""The logs of other processes."""

from __future__ import annotations

import os
from pathlib import Path

from harness.redaction.logs import log_sizes, redact_logs


def test_secrets_in_logs_are_replaced_in_place(tmp_path: Path) -> None:
    """Whoever has the file open goes on writing to it; what holds no secret stays as it is, byte by byte."""
    log, clean, other = tmp_path / "worker.log", tmp_path / "clean.log", tmp_path / "worker.txt"
    log.write_bytes(b"begin\xff\r\npassword=hunter22\n" + b"x" * 3_000_000 + b"\nAuthorization: Bearer abcdef12345\n")
    clean.write_bytes(b"\xff\xfe no secret\r\n")
    other.write_text("password=hunter22", encoding="utf-8")
    with log.open("ab") as still_open:
        redact_logs(tmp_path, since=0)
        still_open.write(b"end\n")
    content = log.read_bytes()

    assert content.startswith(b"begin\xff\r\npassword=redacted:")
    assert content.endswith(b"end\n")
    assert b"hunter22" not in content
    assert b"abcdef12345" not in content
    assert clean.read_bytes() == b"\xff\xfe no secret\r\n"
    assert other.read_text(encoding="utf-8") == "password=hunter22"


def test_older_logs_are_somebody_elses(tmp_path: Path) -> None:
    """The folder may hold more than what the harness wrote."""
    log = tmp_path / "mine.log"
    log.write_text("password=hunter22", encoding="utf-8")
    os.utime(log, (1_000, 1_000))
    redact_logs(tmp_path, since=2_000)

    assert log.read_text(encoding="utf-8") == "password=hunter22"


def test_only_what_was_added_is_looked_at(tmp_path: Path) -> None:
    """A log that several sessions append to would otherwise take each of them longer than the one before."""
    log = tmp_path / "mine.log"
    log.write_text("password=grey\u2026hound1\n", encoding="utf-8")
    before = log_sizes(tmp_path)
    with log.open("a", encoding="utf-8") as added:
        added.write("password=hunter22\n")
    redact_logs(tmp_path, since=0, behind=before)

    kept, new = log.read_text(encoding="utf-8").splitlines()
    assert kept == "password=grey\u2026hound1"
    assert new.startswith("password=redacted:")
