"""A setting that the server does not have is refused: the server would ignore it without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.environment.temporal.known_settings import unknown_settings

SERVER = b"\x7fELF...history.timerProcessorMaxTimeShiftlimit.historyCount.warnlimit.blobSize.error..."


@pytest.mark.parametrize(
    ("content", "names", "unknown"),
    [
        (SERVER, ["limit.historyCount.warn", "limit.blobSize.eror"], ["limit.blobSize.eror"]),
        (SERVER, ["limit.HISTORYCOUNT.warn"], []),
        (SERVER, [], []),
        (b"#!/bin/sh\nexec temporal-server\n", ["limit.blobSize.eror"], []),
        (b"", ["limit.blobSize.eror"], []),
    ],
)
def test_it_is_looked_for_in_the_program(tmp_path: Path, content: bytes, names: list[str], unknown: list[str]) -> None:
    """As it is written or in another case; a script that starts the server says nothing of what the server knows."""
    program = tmp_path / "temporal"
    program.write_bytes(content)

    assert unknown_settings(names, program) == unknown
