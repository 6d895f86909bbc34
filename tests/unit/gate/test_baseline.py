"""The baseline is read as a whole, and written so that a change of one waiver is a change of one place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.gate.baseline import Waiver, load_baseline, save_baseline

ONE = Waiver(
    scenario="saga/flights_down",
    finding="no_orphans",
    reason='The hotel\'s "undo" is slow.',
    owner="bookings",
    expires=date(2026, 12, 31),
)
TWO = ONE.model_copy(update={"finding": "at_most_once"})


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Sorted, whatever the texts hold; and the second writing changes nothing."""
    file = tmp_path / "baseline.toml"
    save_baseline(file, [ONE, TWO])
    first = file.read_text(encoding="utf-8")
    save_baseline(file, load_baseline(file))

    assert load_baseline(file) == (TWO, ONE)
    assert file.read_text(encoding="utf-8") == first


def test_a_file_that_is_not_there_waives_nothing(tmp_path: Path) -> None:
    """So does one without a waiver."""
    save_baseline(tmp_path / "empty.toml", [])

    assert load_baseline(tmp_path / "absent.toml") == load_baseline(tmp_path / "empty.toml") == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("expires = 2026-12-31", 'expires = "soon"', "waivers 1 expires: Input should be a valid date"),
        ('owner = "bookings"', "", "waivers 1 owner: Field required."),
        ('owner = "bookings"', 'owner = ""', "waivers 1 owner: String should have at least 1 character."),
        ("owner =", "ownr =", "waivers 1 ownr: unknown key. Did you mean 'owner'?"),
        ("[[waivers]]", "[[waiver]", "is not TOML"),
    ],
)
def test_a_file_that_is_wrong_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    """With the waiver and the key."""
    file = tmp_path / "baseline.toml"
    save_baseline(file, [ONE])
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(UsageError) as refused:
        load_baseline(file)

    assert told in str(refused.value)
    assert str(file) in str(refused.value)


def test_one_thing_is_waived_once(tmp_path: Path) -> None:
    """Two waivers of the same finding could say different things."""
    file = tmp_path / "baseline.toml"
    save_baseline(file, [ONE, ONE])

    with pytest.raises(UsageError, match="waives no_orphans of saga/flights_down twice"):
        load_baseline(file)
