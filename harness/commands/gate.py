"""`harness gate`: what must hold, and an exit code that says whether to merge."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from harness.baseline import load_baseline, save_baseline
from harness.catalog import Catalog, load_catalog
from harness.claims import Specification
from harness.commands._running import files_in, new_folder, run_session, terminal, with_options
from harness.errors import EnvironmentUnavailable, UsageError
from harness.gate import GREEN, RED, borne_from_now, decide, held, shard, triage
from harness.proofs import load_specification
from harness.reports.github import GithubReport
from harness.reports.html import HtmlReport
from harness.reports.json import JsonReport
from harness.reports.junit import JunitReport
from harness.reports.markdown import MarkdownReport
from harness.result import GateDecided, Report, SessionEnded, Triage
from harness.settings import Policy, Settings, find_project
from harness.verdict import Verdict


class Shard(click.ParamType[tuple[int, int]]):
    """A part such as 2/5."""

    name = "n/of"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Return the number of the part, and of how many."""
        found = re.fullmatch(r"(\d+)/(\d+)", str(value))
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            self.fail(f"{value!r} is no part; the second of five is 2/5.", param, ctx)
        return int(found[1]), int(found[2])


@click.command("gate")
@click.option("--explain", is_flag=True, help="Say what the policy asks for, and run nothing.")
@click.option("--update-baseline", is_flag=True, help="Bear everything that is found from now on.")
@click.option("--shard", "part", type=Shard(), metavar="N/OF", help="Run only this part, such as 2/5.")
@click.option("--junit", type=click.Path(path_type=Path), help="Also write the JUnit XML here.")
@click.option("--json", "json_", type=click.Path(path_type=Path), help="Also write the JSON report here.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Also write the Markdown summary here.")
@click.option("--html", type=click.Path(path_type=Path), help="Also write the HTML report here.")
@with_options
def command(
    *,
    explain: bool,
    update_baseline: bool,
    part: tuple[int, int] | None,
    junit: Path | None,
    json_: Path | None,
    markdown: Path | None,
    html: Path | None,
    **options: Any,
) -> None:
    """Run what must hold; the exit code says whether to merge."""
    gate = _Gate.here(part)
    if explain:
        for line in gate.explained():
            click.echo(line)
        raise SystemExit(GREEN)
    options["jobs"] = options["jobs"] or gate.policy.concurrency
    folder = new_folder(options["runs"], "gate")
    reports: list[Report] = [
        terminal(),
        *files_in(folder),
        *([JunitReport(junit)] if junit else []),
        *([JsonReport(json_)] if json_ else []),
        *([MarkdownReport(markdown)] if markdown else []),
        *([HtmlReport(html)] if html else []),
        *gate.on_github(),
    ]
    decided = gate.run(folder, reports, options)
    if update_baseline:
        gate.update_baseline(decided)
        raise SystemExit(RED if decided.ended.interrupted else GREEN)
    raise SystemExit(GREEN if decided.green else RED)


@dataclass(frozen=True, kw_only=True)
class _Gate:
    """What a gate knows before anything is run."""

    root: Path
    settings: Settings
    catalog: Catalog
    names: Sequence[str]
    part: tuple[int, int] | None

    @classmethod
    def here(cls, part: tuple[int, int] | None) -> _Gate:
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
        return self.settings.gate

    @property
    def baseline(self) -> Path:
        return self.root / self.policy.baseline

    def run(self, folder: Path, reports: Sequence[Report], options: dict[str, Any]) -> GateDecided:
        """Run the scenarios, what is red once more as often as the policy says, and decide."""
        entries = [self.catalog.entries[name] for name in self.names]
        budget = self.policy.time_budget
        ended = run_session(entries, command="gate", folder=folder, reports=reports, budget=budget, **options)
        decided = decide(
            ended,
            policy=self.policy,
            waivers=load_baseline(self.baseline),
            today=date.today(),  # noqa: DTZ011 - a waiver ends with the day of whoever merges
            specification=self._specification(options["runs"]),
            triage=self._triage(ended, folder, options),
        )
        problems = []
        for report in reports:
            try:
                report.tell(decided)
            except OSError as error:
                problems.append(f"a report cannot be written: {error}.")
        if problems:
            raise EnvironmentUnavailable("\n".join(problems))
        return decided

    def _triage(self, ended: SessionEnded, folder: Path, options: dict[str, Any]) -> dict[str, Triage]:
        red = [one for one in ended.results if one.verdict is not Verdict.PASSED]
        if not self.policy.repeats or not red or ended.interrupted:
            return {}
        click.echo(
            f"\nRunning {len(red)} red scenarios {self.policy.repeats} times more, to tell whether they always are."
        )
        entries = [self.catalog.entries[name] for name in dict.fromkeys(one.name for one in red)]
        again = run_session(
            entries, command="gate", folder=folder / "again", reports=[], times=self.policy.repeats, **options
        )
        return triage(red, again.results)

    def _specification(self, runs: Path) -> Specification | None:
        # A part of the scenarios cannot say what all of them prove; `harness report` over all parts can.
        if not self.policy.must_prove or self.part is not None:
            return None
        return load_specification(self.root, self.settings, self.catalog, runs=runs)

    def update_baseline(self, decided: GateDecided) -> None:
        """Write the baseline that bears everything that was found."""
        today = date.today()  # noqa: DTZ011 - a waiver ends with the day of whoever merges
        before = load_baseline(self.baseline)
        waivers = borne_from_now(decided, before, today=today)
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
        yield f"Time budget: {policy.time_budget}." if policy.time_budget else "There is no time budget."
        waivers = load_baseline(self.baseline)
        yield f"Baseline {self.baseline}: {len(waivers)} waivers." if waivers else "No weakness is borne."
        for one in waivers:
            yield f"  {one.scenario} {one.finding} until {one.expires}: {one.reason} ({one.owner})"


def _line_of(file: Path) -> int:
    """The line on which a file declares its scenario."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if re.match(r"scenario\b.*=", line)), 1)
