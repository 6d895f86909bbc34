"""Scenarios as tests: `pytest -k saga` runs them, and a verdict becomes a test's outcome.

Two lines in a test file make every scenario of the project a test of its own:

    from harness.pytest_plugin import every_scenario

    @every_scenario()
    async def test_scenario(scenario: Entry, judged: Judged) -> None:
        await judged(scenario)

Or judge a scenario that a test builds itself: `await judged(Scenario(...))`.
Or explore a target: `await explored(target, budget=timedelta(minutes=1))`.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import shlex
import sys
import tempfile
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from inspect import stack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from harness.errors import HarnessError
from harness.verdict import Verdict, worst

# The rest is imported where it is used: pytest loads this module in every session of a project that has the harness
# installed, and one that runs no scenario must not pay for the Temporal SDK.
if TYPE_CHECKING:
    from harness.catalog import Entry
    from harness.environment.open import Environment
    from harness.explore.model.target import Target
    from harness.explore.search.exploration import Exploration
    from harness.results import Result
    from harness.scenario import Scenario

Judged = Callable[["Entry | Scenario"], Awaitable["Result"]]
"""Runs a scenario; fails the test with the findings unless it passed."""

Explored = Callable[..., Awaitable["Exploration"]]
"""Explores a target; each broken promise is a failed sub-test, and anything but PASSED fails the test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the harness's options."""
    group = parser.getgroup("harness", "fault injection and failure scenarios")
    group.addoption("--temporal", metavar="HOST:PORT", help="run against this Temporal server")
    group.addoption("--temporal-provider", choices=["dev-server", "container"], help="which Temporal server to start")
    group.addoption("--temporal-image", metavar="IMAGE", help="image for --temporal-provider container")
    group.addoption("--temporal-namespace", metavar="NAME", help="namespace on that server")
    group.addoption("--toxiproxy", metavar="HOST:PORT", help="run against this Toxiproxy")
    group.addoption(
        "--toxiproxy-provider", choices=["embedded", "binary", "container"], help="which Toxiproxy to start"
    )
    group.addoption("--toxiproxy-image", metavar="IMAGE", help="image for --toxiproxy-provider container")
    group.addoption("--harness-runs", metavar="DIR", help="where run folders are kept (default: runs/pytest)")
    group.addoption("--harness-replay-runs", action="store_true", help="replay every run that a test makes")
    group.addoption("--harness-seed", type=int, default=0, help="what the seeds of the runs are derived from")


@dataclass
class _Kept:
    """What the summary tells at the end."""

    results: list[Result] = field(default_factory=list)
    claims: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    used_sdk: bool = False


_kept = pytest.StashKey[_Kept]()


def pytest_configure(config: pytest.Config) -> None:
    """Make room for the results, and make the marks known."""
    config.stash[_kept] = _Kept()
    if config.getoption("--harness-replay-runs"):
        from harness.pytest_replay import ReplayedRuns  # noqa: PLC0415 - see above

        config.pluginmanager.register(ReplayedRuns())
        config.stash[_kept].used_sdk = True
    config.addinivalue_line("markers", "claims(*ids): this test proves these claims of the specification")
    config.addinivalue_line("markers", "no_replay: with --harness-replay-runs, leave the runs of this test alone")
    config.addinivalue_line(
        "markers",
        "replay(*paths, workflows, data_converter='', codec='', strict=False, open=False): before the test, replay the "
        "recorded histories there, relative to pytest's root, against these workflows ('module' or 'module:Class')",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the report of a test say which claims it proves; the JUnit XML then says it, too."""
    for item in items:
        claims = [claim for mark in item.iter_markers("claims") for claim in mark.args]
        item.user_properties += [("claim", claim) for claim in dict.fromkeys(claims)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember what a test says of the claims it proves: of several cases, and of set-up and teardown, the worst."""
    report = yield
    said = {"passed": Verdict.PASSED, "skipped": Verdict.INCONCLUSIVE, "failed": Verdict.FAILED}[report.outcome]
    claims = item.config.stash[_kept].claims
    for claim in (value for name, value in report.user_properties if name == "claim"):
        key = item.nodeid.partition("[")[0], str(claim)
        claims[key] = worst([said, claims.get(key, said)])
    return report


def every_scenario(pattern: str = "*") -> pytest.MarkDecorator:
    """Parametrize a test over the scenarios of the project that the test's file is in, as an argument `scenario`.

    A broken scenario file, or a pattern that means none, is an error of the file's collection.

    Args:
        pattern: Which ones: a name or a glob.
    """
    from harness.catalog import load_catalog  # noqa: PLC0415 - see above
    from harness.settings import find_project  # noqa: PLC0415 - see above

    try:
        catalog = load_catalog(*find_project(Path(stack()[1].filename).parent))
        if catalog.broken:
            raise pytest.Collector.CollectError(
                "\n".join(f"{name}: {problem}" for name, problem in catalog.broken.items())
            )
        chosen = catalog.select([pattern])
    except HarnessError as error:
        raise pytest.Collector.CollectError(str(error)) from error
    return pytest.mark.parametrize("scenario", [pytest.param(one, id=one.name) for one in chosen])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def harness_environment(request: pytest.FixtureRequest) -> AsyncIterator[Environment]:
    """One Temporal server and one Toxiproxy for the whole test session."""
    from harness.environment.open import Wishes, open_environment  # noqa: PLC0415 - see above

    request.config.stash[_kept].used_sdk = True
    option = request.config.getoption
    try:
        wishes = Wishes(
            temporal=option("--temporal"),
            temporal_provider=option("--temporal-provider"),
            temporal_image=option("--temporal-image"),
            namespace=option("--temporal-namespace"),
            toxiproxy=option("--toxiproxy"),
            toxiproxy_provider=option("--toxiproxy-provider"),
            toxiproxy_image=option("--toxiproxy-image"),
        )
        async with open_environment(wishes, folder=_runs(request.config), seed=option("--harness-seed")) as environment:
            yield environment
    except HarnessError as error:
        pytest.exit(f"harness: {error}", returncode=error.exit_code)


@pytest.fixture
def judged(request: pytest.FixtureRequest, harness_environment: Environment) -> Judged:
    """Run a scenario and turn its verdict into the test's outcome."""
    from harness.catalog import Entry  # noqa: PLC0415 - see above
    from harness.run.run import run_scenario  # noqa: PLC0415 - see above

    async def judge(given: Entry | Scenario) -> Result:
        __tracebackhide__ = True
        missing = (given.scenario if isinstance(given, Entry) else given).missing
        if missing and "CI" not in os.environ:
            pytest.skip(" ".join(missing))
        given_seed = request.config.getoption("--harness-seed")
        name = given.name if isinstance(given, Entry) else f"pytest/{request.node.name}"
        seed = zlib.crc32(f"{given_seed} {name}".encode())
        result = await run_scenario(
            given.scenario if isinstance(given, Entry) else given,
            name=name,
            environment=harness_environment,
            folder=_runs(request.config) / name.replace("[", "/").rstrip("]"),
            seed=seed,
            repeat=f"pytest {shlex.quote(request.node.nodeid)} --harness-seed {given_seed}",
        )
        request.config.stash[_kept].results.append(result)
        if result.verdict is not Verdict.PASSED:
            pytest.fail(_message(result), pytrace=False)
        return result

    return judge


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Replay what a test's marker names, and fail the test with the account unless it passed."""
    __tracebackhide__ = True
    for marker in pyfuncitem.iter_markers("replay"):
        try:
            told = _replayed(pyfuncitem.config.rootpath, *marker.args, **marker.kwargs)
        except HarnessError as error:
            told = f"harness: {error}"
        except TypeError as error:
            told = f"the marker replay is used wrongly: {error}"
        if told:
            pytest.fail(told, pytrace=False)


def _replayed(
    root: Path,
    *paths: str,
    workflows: Sequence[str],
    data_converter: str = "",
    codec: str = "",
    strict: bool = False,
    open: bool = False,  # noqa: A002 - as on the command line
) -> str:
    """Return what is red, "" for nothing."""
    from harness.replay.engine.code import Code  # noqa: PLC0415 - see above
    from harness.replay.engine.processes import ReplayPlan, replay_files  # noqa: PLC0415 - see above
    from harness.replay.histories.folder import find  # noqa: PLC0415 - see above
    from harness.replay.verdicts.summary import ReplayPolicy, Summary  # noqa: PLC0415 - see above
    from harness.reports.replay.markdown import tell  # noqa: PLC0415 - see above

    code = Code(workflows=tuple(workflows), data_converter=data_converter, codec=codec)
    plan = ReplayPlan(code=code, path=(str(root),), processes=os.cpu_count() or 1)
    found = find([root / one for one in paths], assume_open=open)
    with tempfile.TemporaryDirectory(prefix="harness-") as folder, ThreadPoolExecutor(1) as thread:
        # In a thread of its own: an event loop may be about in this one.
        replaying = replay_files(found, plan, log=Path(folder) / "replay.log")
        judgements = thread.submit(asyncio.run, replaying).result()
    policy = ReplayPolicy(strict=strict)
    summary = Summary(judgements=judgements, policy=policy, took=timedelta(0))
    return tell(summary) if summary.red else ""


@pytest.fixture
def explored(
    request: pytest.FixtureRequest,
    harness_environment: Environment,
    subtests: pytest.Subtests,
    caplog: pytest.LogCaptureFixture,
) -> Explored:
    """Explore a target within a budget, and turn what it does not survive into sub-tests that fail."""
    from harness.explore.backends.shared_worker import JOBS, SharedWorker  # noqa: PLC0415 - see above
    from harness.explore.search.campaign import Campaign, Plan  # noqa: PLC0415 - see above
    from harness.explore.search.story import story, timeline  # noqa: PLC0415 - see above
    from harness.temporal.requirements import Clock, Server  # noqa: PLC0415 - see above

    async def explore(
        target: Target, *, faults: int = 1, budget: timedelta | None = None, jobs: int = JOBS
    ) -> Exploration:
        __tracebackhide__ = True
        # With faults about, what the SDK logs is a traceback for each.
        caplog.set_level(logging.CRITICAL, "temporalio")
        name = request.node.name
        wanted = Server(clock=Clock.SKIPPING if target.skips else Clock.REAL)
        async with harness_environment.server_for(wanted, name=name) as server:
            explorer = SharedWorker(target, server.client, jobs=jobs)
            async with explorer.working():
                found = await Campaign(name, explorer, Plan(faults=faults, budget=budget)).run()
        for finding in (one for one in found.findings if one.verdict is not Verdict.PASSED):
            with subtests.test(finding.id):
                lines = [*story(finding), f"  schedule: {finding.schedule}", *timeline(finding)]
                pytest.fail("\n".join(lines), pytrace=False)
        unclear = [*found.unclear, *(text for one in found.judged for text in one.unclear)]
        if found.verdict is not Verdict.PASSED:
            pytest.fail(
                "\n".join([f"{found.verdict}: explored {', '.join(map(str, found.shares))}", *unclear]), pytrace=False
            )
        return found

    return explore


def _message(result: Result) -> str:
    lines = [f"{result.name} is {result.verdict}", *(f"  {finding}" for finding in result.findings)]
    lines += [f"seed:   {result.evidence.seed}", f"folder: {result.folder}", f"repeat: {result.repeat}"]
    return "\n".join(lines)


def _runs(config: pytest.Config) -> Path:
    given = config.getoption("--harness-runs")
    return Path(given) if given else config.rootpath / "runs" / "pytest"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many scenarios ran and where they are kept."""
    results = config.stash[_kept].results
    if results:
        counts = {verdict: sum(result.verdict is verdict for result in results) for verdict in Verdict}
        told = ", ".join(f"{count} {verdict.name.lower()}" for verdict, count in counts.items() if count)
        terminalreporter.write_line(f"harness: {len(results)} scenario runs, {told}; kept in {_runs(config)}")


_exit_status: list[int] = []


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keep what was said of claims, and remember the exit code of a session that used the SDK."""
    claims = session.config.stash[_kept].claims
    if claims:
        from harness.specification.proofs import keep_verdicts  # noqa: PLC0415 - see above

        keep_verdicts(_runs(session.config), claims)
    if session.config.stash[_kept].used_sdk:
        _exit_status[:] = [int(exitstatus)]


@atexit.register
def _leave() -> None:
    """Leave with the right exit code.

    A process that used the Temporal SDK sometimes dies with SIGSEGV or SIGABRT while the interpreter is finalizing
    (sdk-python issue 300), and the tests' outcome would be lost in exit code 139 or 134. So it does not finalize.
    Registered when the plugin is imported, so that whatever else registers runs before.
    """
    if _exit_status:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(_exit_status[0])
