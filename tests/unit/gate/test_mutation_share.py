"""Whether enough mutants were convicted for a merge."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.gate.mutation_share import mutants_in, of_mutants
from harness.mutate.fate import Fate, Mutation, Tried
from harness.mutate.mutant import Mutant
from harness.reports.mutate.json import write_json
from harness.results import Kind, Mutants
from harness.verdict import Verdict
from tests.unit.mutate.made import MUTANT
from tests.unit.mutate.test_fate import mutation


def report(tmp_path: Path, *fates: Fate, waived: str = "") -> Path:
    """A report of so many mutants; the last of them may be accepted."""
    file = tmp_path / f"{len(fates)}.json"
    tried = [
        Tried(mutant=numbered(number), fate=fate, waived=waived if number == len(fates) else "")
        for number, fate in enumerate(fates, start=1)
    ]
    write_json(mutation(*tried), file)
    return file


def numbered(number: int) -> Mutant:
    """A mutant with a name of its own."""
    return Mutant(**{**vars(MUTANT), "name": f"{MUTANT.name} #{number}"})


def test_reports_are_read_together_and_the_last_word_on_a_mutant_counts(tmp_path: Path) -> None:
    """What is accepted, could not run or was not tried does not count as judged."""
    first = report(tmp_path, Fate.CONVICTED, Fate.SURVIVED, Fate.HUNG, Fate.COULD_NOT_RUN, Fate.NOT_TRIED)
    second = report(tmp_path, Fate.CONVICTED, Fate.CONVICTED)
    accepted = report(tmp_path, Fate.CONVICTED, Fate.CONVICTED, Fate.SURVIVED, waived="we live with it")

    assert mutants_in([]) is None
    assert counted(mutants_in([first])) == (1, 3, 1)
    assert counted(mutants_in([first, second])) == (2, 3, 1)
    assert counted(mutants_in([first, accepted])) == (2, 2, 1)


def counted(mutants: Mutants | None) -> tuple[int, int, int]:
    """How many were convicted, judged and not tried."""
    assert mutants is not None
    return mutants.convicted, mutants.judged, mutants.untried


def test_survivors_are_passed_on_with_their_file_and_what_would_notice_them(tmp_path: Path) -> None:
    """For whoever reads the decision."""
    mutants = mutants_in([report(tmp_path, Fate.CONVICTED, Fate.SURVIVED)])

    assert mutants is not None
    assert mutants.files == {"app.py": (1, 2)}
    [survivor] = mutants.survivors
    assert (survivor.name, survivor.fate) == (f"{MUTANT.name} #2", "survived")
    assert (survivor.stands_for, survivor.noticed_by) == (MUTANT.stands_for, MUTANT.noticed_by)


def test_what_is_no_report_is_refused_with_all_problems_at_once(tmp_path: Path) -> None:
    """A file that is missing, and one of another form."""
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"format": 9, "mutants": []}), encoding="utf-8")

    with pytest.raises(UsageError) as refused:
        mutants_in([tmp_path / "gone.json", other])

    assert [line.partition(" is no report")[0] for line in refused.value.problems] == [
        str(tmp_path / "gone.json"),
        str(other),
    ]


@pytest.mark.parametrize(
    ("mutants", "kind", "verdict", "said"),
    [
        (Mutants(convicted=95, judged=100), None, None, ""),
        (Mutants(convicted=94, judged=100), Kind.MUTATION, Verdict.FAILED, "94 of 100 mutants were convicted, 95%"),
        (Mutants(convicted=94, judged=100, untried=1), Kind.MUTATION, Verdict.FAILED, "94 of 100"),
        (Mutants(convicted=9, judged=9, untried=1), Kind.MUTATION, Verdict.INCONCLUSIVE, "and 1 mutant not tried"),
        (Mutants(), Kind.MUTATION, Verdict.INCONCLUSIVE, "0 of 0 mutants"),
        (None, Kind.NOT_JUDGED, Verdict.INCONCLUSIVE, "name a report of `harness mutate --json` with --mutation"),
    ],
)
def test_too_small_a_share_holds_a_merge_back(
    mutants: Mutants | None, kind: Kind | None, verdict: Verdict | None, said: str
) -> None:
    """Below it, the merge has failed; what was not tried may be below it."""
    reasons = list(of_mutants(mutants, share=0.95))

    assert [one.kind for one in reasons] == ([] if kind is None else [kind])
    assert all(said in one.what and one.verdict is verdict for one in reasons)


def test_without_a_share_nothing_is_demanded() -> None:
    """Also of mutants that nobody convicted."""
    assert list(of_mutants(Mutants(convicted=0, judged=9), share=None)) == []


@pytest.mark.parametrize(
    ("fates", "verdict"),
    [
        ([Fate.CONVICTED, Fate.CONVICTED, Fate.CONVICTED, Fate.SURVIVED], Verdict.PASSED),
        ([Fate.CONVICTED, Fate.SURVIVED], Verdict.FAILED),
        ([Fate.CONVICTED, Fate.CONVICTED, Fate.CONVICTED, Fate.NOT_TRIED], Verdict.INCONCLUSIVE),
        ([Fate.NOT_TRIED], Verdict.INCONCLUSIVE),
    ],
)
def test_a_session_is_judged_by_its_share_and_not_by_single_survivors(fates: list[Fate], verdict: Verdict) -> None:
    """Which may be as many as the share leaves."""
    tried = [Tried(mutant=MUTANT, fate=one) for one in fates]

    assert Mutation(tried=tried, took=mutation().took, trying=mutation().trying, share=0.75).verdict is verdict
