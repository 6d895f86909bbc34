"""Runs a gate: scenarios, corpora and explorations, and decides whether to merge."""

from __future__ import annotations

import asyncio
import fnmatch
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from harness.catalog import Catalog, load_catalog, scenario_places
from harness.errors import UsageError, unknown
from harness.files.places import Place
from harness.files.printable import say
from harness.gate.baseline import load_baseline, save_baseline
from harness.gate.corpora import refresh_corpora, replay_corpora
from harness.gate.decision import decide, required, shard, triage, waive_all
from harness.gate.explorations import explore_targets
from harness.gate.mutation_share import mutants_in, of_mutants
from harness.processes.interrupts import Signals
from harness.reports.session.github import GithubReport
from harness.reports.text import plural
from harness.results import GateDecided, Kind, Mutants, Reason, Report, SessionEnded, Triage
from harness.sessions.run_session import run_session
from harness.settings import Explored, Policy, Settings, find_project
from harness.specification.claims import Specification
from harness.specification.proofs import Verdicts, load_specification, verdicts_in
from harness.verdict import Verdict
from harness.workers.interpreter import interpreter_of
from harness.workers.machine import slowness

NOT_REPEATED = "the gate was interrupted before this scenario had run again."


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A project's gate, before anything has run."""

    root: Path
    settings: Settings
    catalog: Catalog
    names: Sequence[str]
    part: tuple[int, int] | None
    handed: Verdicts = field(default_factory=Verdicts)
    mutants: Mutants | None = None

    @classmethod
    def here(cls, part: tuple[int, int] | None, proofs: Sequence[Path] = (), mutation: Sequence[Path] = ()) -> Gate:
        """Read the project.

        Args:
            part: Which shard, of how many; None for all scenarios.
            proofs: Files with the verdicts of proofs that ran elsewhere.
            mutation: Reports of `harness mutate`.

        Raises:
            UsageError: A scenario file is broken, the policy, the baseline, a file of claims or of verdicts is
                invalid, a proof names an unknown claim, no scenario must pass, or `python` names no Python.
            EnvironmentUnavailable: The application's interpreter is too old, or has no SDK that can be used.
        """
        root, settings = find_project(Path.cwd())
        catalog = load_catalog(root, settings)
        if catalog.broken:
            raise UsageError(*(f"{name}: {problem}" for name, problem in catalog.broken.items()))
        unmatched = [
            f"{place}: {unknown('scenario', pattern, catalog.entries, list_all='harness list')}"
            for place, patterns in _patterns(settings).items()
            for pattern in patterns
            if catalog.entries and not fnmatch.filter(catalog.entries, pattern)
        ]
        if unmatched:
            raise UsageError(*unmatched)
        interpreter_of(settings, root)
        names = required(catalog.entries, settings.gate)
        if not names:
            raise UsageError("no scenario to run; check `scenarios` and `gate.must_pass` in [tool.harness].")
        names = names if part is None else shard(names, number=part[0], of=part[1])
        if mutation and settings.mutation.share is None:
            raise UsageError("--mutation needs a share to demand; set `share` in [tool.harness.mutation].")
        gate = cls(
            root=root,
            settings=settings,
            catalog=catalog,
            names=names,
            part=part,
            handed=verdicts_in(proofs),
            mutants=mutants_in(mutation),
        )
        load_baseline(gate.baseline)
        if gate.specification is not None and gate.specification.unknown:
            raise UsageError(*gate.specification.unknown)
        return gate

    @property
    def policy(self) -> Policy:
        """The policy of the project."""
        return self.settings.gate

    @property
    def scenarios(self) -> Mapping[str, Place]:
        """The line on which each scenario is declared."""
        return scenario_places(self.root, self.settings)

    @property
    def baseline(self) -> Path:
        """The baseline file."""
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
        """Run the scenarios, run red ones again as often as the policy says, replay, explore, and decide.

        After a signal nothing further starts; the decision covers what was done and lists what was not.

        Args:
            folder: The folder of the session.
            report: Receives the events of the session and the decision.
            options: The servers, and the number of concurrent runs.
            signals: Interrupts the gate.
            refresh: Whether the corpora are re-recorded before they are replayed.
            update: Whether all findings of the explorations are written to their baselines.
        """
        entries = [self.catalog.entries[name] for name in self.names]
        budget, slow = self.policy.time_budget, slowness()
        options = {**options, "command": "gate", "signals": signals}
        ended = run_session(entries, folder=folder, reports=[report], budget=budget, **options)
        corpora = self.settings.corpora if self._has_all else ()
        targets = self.settings.explorations if self._has_all else ()
        further: list[Reason] = []
        if refresh:
            further += refresh_corpora(self.settings.corpora, root=self.root, ended=ended, signals=signals)
        classes, unclear = self._triage(ended, folder, options)
        summaries, left = replay_corpora(
            corpora,
            root=self.root,
            folder=folder / "replay",
            signals=signals,
            interpreter=interpreter_of(self.settings, self.root),
        )
        explored = explore_targets(
            targets, root=self.root, folder=folder / "explored", policy=self.policy, signals=signals, update=update
        )
        decided = decide(
            ended,
            policy=self.policy,
            waivers=load_baseline(self.baseline),
            today=date.today(),  # noqa: DTZ011 - a waiver expires at the end of the local day
            # One shard cannot know what all scenarios prove; `harness report` over all shards can.
            specification=self.specification if self.part is None else None,
            triage=classes,
            corpora=summaries,
            further=[*further, *unclear, *left, *explored, *self._of_mutants()],
            slowness=slow,
            mutants=self.mutants,
        )
        report.notify(decided)
        return decided

    def _of_mutants(self) -> Iterator[Reason]:
        return of_mutants(self.mutants, share=self.settings.mutation.share if self._has_all else None)

    @property
    def _has_all(self) -> bool:
        """Whether this gate also replays and explores; of several shards, only the first does."""
        return self.part is None or self.part[0] == 1

    def _triage(
        self, ended: SessionEnded, folder: Path, options: dict[str, Any]
    ) -> tuple[Mapping[str, Triage], list[Reason]]:
        """Run red scenarios again; return how they behaved, and the scenarios for which that was interrupted."""
        red = [one for one in ended.results if one.verdict is not Verdict.PASSED]
        if not self.policy.repeats or not red or ended.interrupted:
            return {}, []
        names = list(dict.fromkeys(one.name for one in red))
        say(f"\nRunning {plural(len(red), 'red scenario')} again, {plural(self.policy.repeats, 'time')} each.")
        entries = [self.catalog.entries[name] for name in names]
        try:
            again = run_session(entries, folder=folder / "again", reports=[], times=self.policy.repeats, **options)
        except asyncio.CancelledError:
            again = None
        if again is None or again.interrupted:
            # A run that was cut short is INCONCLUSIVE, which would make the harness look flaky.
            return {}, [Reason(kind=Kind.INTERRUPTED, name=name, what=NOT_REPEATED) for name in names]
        return triage(red, again.results), []

    @cached_property
    def specification(self) -> Specification | None:
        """The claims with their proofs; None where the policy requires no claim to be proven."""
        if not self.policy.must_prove:
            return None
        return load_specification(self.root, self.settings, self.catalog, verdicts=self.handed)

    def update_baseline(self, decided: GateDecided) -> None:
        """Write the baseline that waives all current findings."""
        today = date.today()  # noqa: DTZ011 - a waiver expires at the end of the local day
        before = load_baseline(self.baseline)
        waivers = waive_all(decided, before, today=today)
        save_baseline(self.baseline, waivers)
        new = len(set(waivers) - set(before))
        done = f"{self.baseline}: {plural(len(waivers), 'waiver')}, {new} new"
        say(f"{done}. Set the reason and the owner of each new one.")

    def on_github(self) -> list[Report]:
        """Return the report for GitHub Actions; none when this does not run there."""
        if "GITHUB_ACTIONS" not in os.environ:
            return []
        file = os.environ.get("GITHUB_STEP_SUMMARY")
        places = {name: (Path(place.path).relative_to(self.root), place.line) for name, place in self.scenarios.items()}
        return [GithubReport(summary=Path(file) if file else None, places=places, say=click.echo)]

    def explained(self) -> Iterator[str]:
        """Return what the policy requires, line by line."""
        policy = self.policy
        everything = plural(len(self.catalog.entries), "scenario")
        yield f"{len(self.names)} of {everything} must pass ({', '.join(policy.must_pass)}):"
        yield from (f"  {name}" for name in self.names)
        others = sorted(set(self.catalog.entries) - set(required(self.catalog.entries, policy)))
        yield f"Not required: {', '.join(others)}." if others else "Every scenario is required."
        claims = ", ".join(policy.must_prove)
        yield f"Claims that must be proven: {claims}." if claims else "No claim must be proven."
        yield (
            "INCONCLUSIVE blocks a merge."
            if policy.inconclusive == "red"
            else "INCONCLUSIVE is noted and does not block a merge."
        )
        again = policy.repeats
        yield f"Red scenarios run {plural(again, 'more time')}." if again else "Red scenarios do not run again."
        corpora = ", ".join(one.path for one in self.settings.corpora)
        yield f"Recorded histories that must replay: {corpora}." if corpora else "No recorded histories are replayed."
        yield from (_explanation(one) for one in self.settings.explorations)
        share = self.settings.mutation.share
        yield f"Mutants that must be convicted: {share:.0%}." if share else "No share of mutants must be convicted."
        yield f"Time budget: {policy.time_budget}." if policy.time_budget else "Time budget: none."
        waivers = load_baseline(self.baseline)
        yield f"Baseline {self.baseline}: {plural(len(waivers), 'waiver')}." if waivers else "No finding is waived."
        for one in waivers:
            yield f"  {one.scenario} {one.finding} until {one.expires}: {one.reason} (owner: {one.owner})"


def _patterns(settings: Settings) -> Mapping[str, Sequence[str]]:
    """The names and globs of scenarios in the settings, by their places."""
    corpora = {f"scenarios of the corpus {one.path}": one.scenarios for one in settings.corpora}
    return {"gate.must_pass": settings.gate.must_pass, **corpora}


def _explanation(one: Explored) -> str:
    faults = {1: "every fault alone", 2: "every fault alone and every pair"}.get(
        one.faults, f"up to {one.faults} faults"
    )
    within = f" within {one.budget}" if one.budget else ""
    whole = "; an incomplete exploration blocks a merge" if one.complete else ""
    return f"Exploration: {one.name}, {faults}{within}{whole}."
