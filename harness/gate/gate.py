"""What a gate runs, and what it decides by."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from harness.catalog import Catalog, load_catalog
from harness.errors import UsageError
from harness.gate.baseline import load_baseline, save_baseline
from harness.gate.corpora import refresh_corpora, replay_corpora
from harness.gate.decision import decide, held, shard, triage, waive_all
from harness.gate.explorations import explore_targets
from harness.processes.interrupts import Signals
from harness.reports.session.github import GithubReport
from harness.results import GateDecided, Kind, Reason, Report, SessionEnded, Triage
from harness.sessions.run_session import run_session
from harness.settings import Explored, Policy, Settings, find_project
from harness.specification.claims import Specification
from harness.specification.proofs import load_specification
from harness.verdict import Verdict

NOT_REPEATED = "the gate was ended from outside before it was run again as often as it is to be."


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What a gate knows before anything is run."""

    root: Path
    settings: Settings
    catalog: Catalog
    names: Sequence[str]
    part: tuple[int, int] | None

    @classmethod
    def here(cls, part: tuple[int, int] | None) -> Gate:
        """Read the project; refuse what is wrong with it."""
        root, settings = find_project(Path.cwd())
        catalog = load_catalog(root, settings)
        if catalog.broken:
            raise UsageError(*(f"{name}: {problem}" for name, problem in catalog.broken.items()))
        names = held(catalog.entries, settings.gate)
        if not names:
            raise UsageError("there is no scenario to run; a gate that runs nothing holds nothing back.")
        names = names if part is None else shard(names, number=part[0], of=part[1])
        gate = cls(root=root, settings=settings, catalog=catalog, names=names, part=part)
        load_baseline(gate.baseline)
        return gate

    @property
    def policy(self) -> Policy:
        """What the project asks of its gate."""
        return self.settings.gate

    @property
    def baseline(self) -> Path:
        """The file of the findings that are waived."""
        return self.root / self.policy.baseline

    def run(
        self,
        folder: Path,
        report: Report,
        options: dict[str, Any],
        *,
        signals: Signals,
        refresh: bool = False,
        update: bool = False,
    ) -> GateDecided:
        """Run the scenarios, what is red again as often as the policy says, replay, explore, and decide.

        After a signal nothing further is begun: the decision is over what there is, and tells what was not done.

        Args:
            folder: The session's.
            report: Is told.
            options: Which servers, and how many runs at once.
            signals: What may end it.
            refresh: Whether the corpora are recorded anew before they are replayed.
            update: Whether everything that exploring finds is borne from now on.
        """
        entries = [self.catalog.entries[name] for name in self.names]
        budget = self.policy.time_budget
        options = {**options, "command": "gate", "signals": signals}
        ended = run_session(entries, folder=folder, reports=[report], budget=budget, **options)
        corpora = self.settings.corpora if self._has_all else ()
        targets = self.settings.explorations if self._has_all else ()
        told: list[Reason] = []
        if refresh:
            told += refresh_corpora(self.settings.corpora, root=self.root, ended=ended, signals=signals)
        classes, unclear = self._triage(ended, folder, options)
        summaries, left = replay_corpora(corpora, root=self.root, folder=folder / "replay", signals=signals)
        explored = explore_targets(
            targets, root=self.root, folder=folder / "explored", policy=self.policy, signals=signals, update=update
        )
        decided = decide(
            ended,
            policy=self.policy,
            waivers=load_baseline(self.baseline),
            today=date.today(),  # noqa: DTZ011 - a waiver ends with the day of whoever merges
            specification=self._specification(options["runs"]),
            triage=classes,
            corpora=summaries,
            told=[*told, *unclear, *left, *explored],
        )
        report.notify(decided)
        return decided

    @property
    def _has_all(self) -> bool:
        """Whether it replays and explores: that is no part of the scenarios, and of several parts the first does it."""
        return self.part is None or self.part[0] == 1

    def _triage(
        self, ended: SessionEnded, folder: Path, options: dict[str, Any]
    ) -> tuple[Mapping[str, Triage], list[Reason]]:
        """Run what is red again; return what that told, and of which scenarios it could not."""
        red = [one for one in ended.results if one.verdict is not Verdict.PASSED]
        if not self.policy.repeats or not red or ended.interrupted:
            return {}, []
        names = list(dict.fromkeys(one.name for one in red))
        click.echo(
            f"\nRunning {len(red)} red scenarios {self.policy.repeats} times more, to tell whether they always are."
        )
        entries = [self.catalog.entries[name] for name in names]
        try:
            again = run_session(entries, folder=folder / "again", reports=[], times=self.policy.repeats, **options)
        except asyncio.CancelledError:
            again = None
        if again is None or again.interrupted:
            # A run that was cut short could not be told, and would make the harness out to be flaky.
            return {}, [Reason(kind=Kind.INTERRUPTED, name=name, what=NOT_REPEATED) for name in names]
        return triage(red, again.results), []

    def _specification(self, runs: Path) -> Specification | None:
        # A part of the scenarios cannot say what all of them prove; `harness report` over all parts can.
        if not self.policy.must_prove or self.part is not None:
            return None
        return load_specification(self.root, self.settings, self.catalog, runs=runs)

    def update_baseline(self, decided: GateDecided) -> None:
        """Write the baseline that tolerates everything that was found."""
        today = date.today()  # noqa: DTZ011 - a waiver ends with the day of whoever merges
        before = load_baseline(self.baseline)
        waivers = waive_all(decided, before, today=today)
        save_baseline(self.baseline, waivers)
        new = len(set(waivers) - set(before))
        click.echo(f"{self.baseline}: {len(waivers)} waivers, {new} of them new; write down why, and who sees to it.")

    def on_github(self) -> list[Report]:
        """Return the report for GitHub Actions, where this runs there."""
        if "GITHUB_ACTIONS" not in os.environ:
            return []
        file = os.environ.get("GITHUB_STEP_SUMMARY")
        places = {
            name: (entry.path.relative_to(self.root), _line_of(entry.path))
            for name, entry in self.catalog.entries.items()
        }
        return [GithubReport(summary=Path(file) if file else None, places=places, say=click.echo)]

    def explained(self) -> Iterator[str]:
        """Say what the policy asks for."""
        policy = self.policy
        yield f"{len(self.names)} of {len(self.catalog.entries)} scenarios must hold ({', '.join(policy.must_hold)}):"
        yield from (f"  {name}" for name in self.names)
        others = sorted(set(self.catalog.entries) - set(held(self.catalog.entries, policy)))
        yield f"Not held to: {', '.join(others)}." if others else "No scenario is left out."
        asked = ", ".join(policy.must_prove)
        yield f"Claims that must be proven: {asked}." if asked else "No claim has to be proven."
        yield (
            "What is INCONCLUSIVE holds a merge back."
            if policy.inconclusive == "red"
            else "What is INCONCLUSIVE is noted, and holds no merge back."
        )
        yield f"What is red is run {policy.repeats} times more." if policy.repeats else "What is red is not run again."
        corpora = ", ".join(one.path for one in self.settings.corpora)
        yield f"Recorded histories that must replay: {corpora}." if corpora else "No recorded history is replayed."
        yield from (_explanation(one) for one in self.settings.explorations)
        yield f"Time budget: {policy.time_budget}." if policy.time_budget else "There is no time budget."
        waivers = load_baseline(self.baseline)
        yield f"Baseline {self.baseline}: {len(waivers)} waivers." if waivers else "No weakness is borne."
        for one in waivers:
            yield f"  {one.scenario} {one.finding} until {one.expires}: {one.reason} ({one.owner})"


def _explanation(one: Explored) -> str:
    faults = {1: "every single fault", 2: "every fault, and every second one after it"}.get(
        one.faults, f"every {one.faults} faults"
    )
    within = f" within {one.budget}" if one.budget else ""
    whole = ", all of it" if one.complete else ""
    return f"Explored: {one.name}, {faults}{within}{whole}."


def _line_of(file: Path) -> int:
    """The line on which a file declares its scenario."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if re.match(r"scenario\b.*=", line)), 1)
