"""Every run that a test makes, replayed when the test has ended: `pytest --harness-replay-runs`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from harness.replay.engine.test_workers import Runs
from harness.replay.verdicts.judgement import Judgement, ReplayOutcome
from harness.reports.replay.terminal import account

REPLAYED = "harness_runs_replayed"
NOTE = "harness_replay_note"


class ReplayedRuns:
    """A pytest plugin.

    What it has to say besides failures is told at the end of the session, and is no warning: what turns warnings into
    errors must not turn it into one.
    """

    def __init__(self) -> None:
        self._runs = Runs()
        self._stack = ExitStack()
        self._stack.enter_context(self._runs.watching())
        self._replayed = 0
        self._notes: Counter[str] = Counter()

    def pytest_unconfigure(self) -> None:
        """Leave workers alone again."""
        self._stack.close()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fail a test that has passed, when a run of its does not replay."""
        return (yield from self._looked_at(item, "call"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """Likewise with the runs that its fixtures make as they are torn down."""
        return (yield from self._looked_at(item, "teardown"))

    def _looked_at(self, item: pytest.Item, when: str) -> Generator[None, object, object]:
        __tracebackhide__ = True
        try:
            done = yield
        except (Exception, pytest.fail.Exception, pytest.skip.Exception):
            told = self._look(item)
            if told:
                item.add_report_section(when, "harness replay", told)
            raise
        told = self._look(item)
        if told:
            pytest.fail(told, pytrace=False)
        return done

    def _look(self, item: pytest.Item) -> str:
        """Return what does not replay, "" for nothing; keep the rest for the summary."""
        if item.get_closest_marker("no_replay"):
            self._runs.forget()
            return ""
        judgements, problems = self._runs.judge()
        notes = list(problems)
        told = []
        for one in judgements:
            if one.outcome is ReplayOutcome.NON_DETERMINISTIC:
                told.append(_told(one))
            elif one.outcome is ReplayOutcome.CANNOT_BE_JUDGED or one.drifts:
                notes.append(f"{item.nodeid}: {_told(one)}")
        # With the test's report, since the test may run in a process other than the one that tells.
        item.user_properties += [(REPLAYED, len(judgements))] if judgements else []
        item.user_properties += [(NOTE, one) for one in notes]
        return "\n".join(told)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what the reports carry; the last of a test has all of it."""
        if report.when == "teardown":
            self._replayed += sum(int(str(value)) for name, value in report.user_properties if name == REPLAYED)
            self._notes.update(str(value) for name, value in report.user_properties if name == NOTE)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many runs were replayed, and what is to be known besides failures."""
        terminalreporter.write_line(f"harness: {self._replayed} runs of the tests' own were replayed")
        for note, times in self._notes.items():
            terminalreporter.write_line(f"harness: {note}{f' ({times} times)' if times > 1 else ''}")


def _told(judgement: Judgement) -> str:
    lines = [f"the run {judgement.workflow_id} of this test: {judgement.title}", *account(judgement)]
    return "\n  ".join(lines)
