"""Replays every workflow run of a test when the test ends: `pytest --harness-replay-runs`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from harness.files.printable import without_commands
from harness.replay.engine.workers_of_tests import Runs
from harness.replay.verdicts.judgement import Judgement, ReplayOutcome
from harness.reports.replay.terminal import account
from harness.reports.text import plural

REPLAYED = "harness_runs_replayed"
NOTE = "harness_replay_note"


class ReplayedRuns:
    """A pytest plugin.

    Notes are printed at the end of the session. They are not warnings, since a project may turn warnings into errors.
    """

    def __init__(self) -> None:
        self._runs = Runs()
        self._stack = ExitStack()
        self._stack.enter_context(self._runs.watching())
        self._replayed = 0
        self._notes: Counter[str] = Counter()

    def pytest_unconfigure(self) -> None:
        """Stop watching workers."""
        self._stack.close()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fail a test that passed if one of its runs does not replay."""
        return (yield from self._checked(item, "call"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """The same for runs during the teardown of its fixtures."""
        return (yield from self._checked(item, "teardown"))

    def _checked(self, item: pytest.Item, when: str) -> Generator[None, object, object]:
        __tracebackhide__ = True
        try:
            done = yield
        except (Exception, pytest.fail.Exception, pytest.skip.Exception):
            failures = self._replay(item)
            if failures:
                item.add_report_section(when, "harness replay", failures)
            raise
        failures = self._replay(item)
        if failures:
            pytest.fail(failures, pytrace=False)
        return done

    def _replay(self, item: pytest.Item) -> str:
        """Return the runs that do not replay, "" for none; keep the rest for the summary."""
        if item.get_closest_marker("no_replay"):
            self._runs.forget()
            return ""
        judgements, problems = self._runs.judge()
        notes = [without_commands(one) for one in problems]
        failures = []
        for one in judgements:
            if one.outcome is ReplayOutcome.NON_DETERMINISTIC:
                failures.append(_report(one))
            elif one.outcome is ReplayOutcome.CANNOT_BE_JUDGED or one.drifts:
                notes.append(f"{item.nodeid}: {_report(one)}")
        # In the test's report, since the test may run in another process than the one that prints the summary.
        item.user_properties += [(REPLAYED, len(judgements))] if judgements else []
        item.user_properties += [(NOTE, one) for one in notes]
        return "\n".join(failures)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the notes of the reports; the last report of a test has all of them."""
        if report.when == "teardown":
            self._replayed += sum(int(str(value)) for name, value in report.user_properties if name == REPLAYED)
            self._notes.update(str(value) for name, value in report.user_properties if name == NOTE)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the number of replayed runs, and the notes."""
        terminalreporter.write_line(f"harness: replayed {plural(self._replayed, 'workflow run')} of the tests")
        for note, times in self._notes.items():
            terminalreporter.write_line(f"harness: {note}{f' ({times} times)' if times > 1 else ''}")


def _report(judgement: Judgement) -> str:
    lines = [f"the run {judgement.workflow_id} of this test: {judgement.title}", *account(judgement)]
    return without_commands("\n  ".join(lines))
