"""How the tests are shared out between pytest's worker processes, and what the last lines of a run report."""

from __future__ import annotations

import gc
import os
import re
import signal
import tempfile
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling  # type: ignore[import-untyped]

# The tests redact with a key of their own, not with the user's.
os.environ.setdefault("HARNESS_REDACT_KEY", str(Path(tempfile.gettempdir()) / f"harness-tests-{os.getuid()}.key"))

# Every pytest that a test starts would load schemathesis with its plugin, which takes a second and is not used.
os.environ.setdefault("PYTEST_ADDOPTS", "-p no:schemathesis")

# Under `nohup`, too, the commands that tests start are to handle it: what is ignored is inherited, a handler is not.
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

SLOWEST_FIRST = ("live/test_explore", "convictions", "live/test_crash", "live/", "conformance", "plugin", "unit")
"""Where the tests are that take longest; begun first, so that no worker process is left with them at the end."""

EACH_ALONE = re.compile(r"tests/(live/test_explore|conformance/simulation)")
"""Files whose tests share nothing that is expensive to start, and take long: they need not stay together."""

PROVIDER = re.compile(r"\[(embedded|binary|container|address)\b")


class BySharedParts(LoadScopeScheduling):  # type: ignore[misc]
    """Keeps together what shares servers and runs: a file, or all conformance tests of one Toxiproxy."""

    def _split_scope(self, nodeid: str) -> str:
        if EACH_ALONE.match(nodeid):
            return nodeid
        provider = PROVIDER.search(nodeid)
        if provider is not None and nodeid.startswith("tests/conformance"):
            return f"conformance {provider[1]}"
        return nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BySharedParts:
    """Share the tests out in the order in which they were collected."""
    config.option.loadscopereorder = False
    return BySharedParts(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto` is one worker more than there are cores: most live tests wait for real time to pass."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, where several workers share the tests."""
    if hasattr(config, "workerinput"):
        items.sort(key=_rank)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Take what was collected out of the garbage collector's sight.

    Thousands of tests are millions of objects. A full collection takes seconds on a busy machine, and where it comes in
    a workflow's thread, the SDK's deadlock detector (2 s) takes the workflow for one that does not yield.
    """
    gc.collect()
    gc.freeze()


def _rank(item: pytest.Item) -> int:
    """Return the place of a test's folder in `SLOWEST_FIRST`."""
    return next(rank for rank, folder in enumerate(SLOWEST_FIRST) if item.nodeid.startswith(f"tests/{folder}"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Count the tests that were left out, by folder and reason, below everything else.

    With LEFT_OUT=FILE in the environment their names are written to that file, as arguments for another run.
    """
    yield
    skipped = [one for one in terminalreporter.getreports("skipped") if isinstance(one, pytest.TestReport)]
    left_out = Counter((report.nodeid.split("/")[1], _reason(report)) for report in skipped)
    for (folder, reason), count in sorted(left_out.items()):
        terminalreporter.write_line(f"left out: {count} {folder} ({reason})")
    if "LEFT_OUT" in os.environ:
        names = sorted({report.nodeid for report in skipped})
        Path(os.environ["LEFT_OUT"]).write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def _reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped, without pytest's prefix."""
    assert isinstance(report.longrepr, tuple)
    return report.longrepr[2].removeprefix("Skipped: ").splitlines()[0]
