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

import atexit
import logging
import os
import shlex
import sys
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from inspect import stack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.errors import HarnessError
from harness.files.path_part import path_part
from harness.files.printable import without_commands
from harness.pytest_async import session_fixture
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
"""Explores a target; each finding is a failed subtest, and any verdict other than PASSED fails the test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the harness's options."""
    group = parser.getgroup("harness", "fault injection and failure scenarios")
    group.addoption("--temporal", metavar="HOST:PORT", help="use this Temporal server instead of starting a dev server")
    group.addoption(
        "--temporal-allow",
        action="append",
        default=[],
        metavar="HOST",
        help="allow the --temporal server to be at this host, which is not loopback",
    )
    group.addoption(
        "--temporal-provider",
        choices=["dev-server", "container"],
        help="the Temporal server to start (default: dev-server)",
    )
    group.addoption("--temporal-image", metavar="IMAGE", help="image for --temporal-provider container")
    group.addoption("--temporal-namespace", metavar="NAME", help="namespace on the --temporal server")
    group.addoption("--toxiproxy", metavar="HOST:PORT", help="use this Toxiproxy instead of starting one")
    group.addoption(
        "--toxiproxy-provider",
        choices=["embedded", "binary", "container"],
        help="the Toxiproxy to start (default: binary if toxiproxy-server is on PATH, else embedded)",
    )
    group.addoption("--toxiproxy-image", metavar="IMAGE", help="image for --toxiproxy-provider container")
    group.addoption("--harness-runs", metavar="DIR", help="folder for run folders (default: runs/pytest)")
    group.addoption("--harness-replay-runs", action="store_true", help="replay every workflow run of the tests")
    group.addoption("--harness-seed", type=int, default=0, help="base of the runs' seeds (default: 0)")


RUN = "scenario verdict"
"""The property of a test's report with the verdict of a scenario that it ran."""


_SUBTEST: type | tuple[()] = getattr(pytest, "SubtestReport", ())  # pytest < 9 has none
"""A report of a subtest, which repeats the properties of its test."""


@dataclass(eq=False)
class _Kept:
    """The data for the summary at the end, from the reports: those of other processes arrive as well (pytest-xdist)."""

    runs: Counter[Verdict] = field(default_factory=Counter)
    claims: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    used_sdk: bool = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record the verdict of a test for its claims: the worst of its cases, and of set-up and teardown."""
        verdict = {"passed": Verdict.PASSED, "skipped": Verdict.INCONCLUSIVE, "failed": Verdict.FAILED}[report.outcome]
        for name, value in report.user_properties:
            if name == "claim":
                key = report.nodeid.partition("[")[0], str(value)
                self.claims[key] = worst([verdict, self.claims.get(key, verdict)])
            elif name == RUN and report.when == "call" and not isinstance(report, _SUBTEST):
                self.runs[Verdict[str(value)]] += 1


_kept = pytest.StashKey[_Kept]()


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the results, and register the marks."""
    config.stash[_kept] = _Kept()
    config.pluginmanager.register(config.stash[_kept])
    if config.getoption("--harness-replay-runs"):
        from harness.pytest_replay import ReplayedRuns  # noqa: PLC0415 - see above

        config.pluginmanager.register(ReplayedRuns())
        config.stash[_kept].used_sdk = True
    config.addinivalue_line("markers", "claims(*ids): this test proves these claims of the specification")
    config.addinivalue_line("markers", "no_replay: with --harness-replay-runs, do not replay the runs of this test")
    config.addinivalue_line(
        "markers",
        "replay(*paths, workflows, data_converter='', codec='', interceptors=(), plugins=(), failure_types=(), "
        "passthrough=(), strict=False, open=False): before the test, replay the recorded histories at these paths "
        "(relative to pytest's root) against these workflows ('module' or 'module:Class'), with what their worker is "
        "built with ('module:name')",
    )


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what is touched if the tests use a Temporal server on another machine."""
    address = config.getoption("--temporal")
    if address is None:
        return None
    from harness.environment.temporal.elsewhere import TOUCHED, elsewhere  # noqa: PLC0415 - see above

    return (
        None if elsewhere(address) is None else f"harness: Temporal server {address} is not on this machine. {TOUCHED}"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Add the claims that a test proves to its report, and so to the JUnit XML."""
    for item in items:
        claims = [claim for mark in item.iter_markers("claims") for claim in mark.args]
        item.user_properties += [("claim", claim) for claim in dict.fromkeys(claims)]


def every_scenario(pattern: str = "*") -> pytest.MarkDecorator:
    """Parametrize a test over the scenarios of the project that the test's file is in, as an argument `scenario`.

    A broken scenario file, or a pattern without a match, is a collection error of the file.

    Args:
        pattern: The scenarios: a name or a glob.
    """
    from harness.catalog import load_catalog  # noqa: PLC0415 - see above
    from harness.settings import find_project  # noqa: PLC0415 - see above

    try:
        catalog = load_catalog(*find_project(Path(stack()[1].filename).parent))
        if catalog.broken:
            broken = "\n".join(f"{name}: {problem}" for name, problem in catalog.broken.items())
            raise pytest.Collector.CollectError(without_commands(broken))
        chosen = catalog.select([pattern])
    except HarnessError as error:
        raise pytest.Collector.CollectError(without_commands(str(error))) from error
    return pytest.mark.parametrize("scenario", [pytest.param(one, id=one.name) for one in chosen])


@session_fixture
async def harness_environment(request: pytest.FixtureRequest) -> AsyncIterator[Environment]:
    """One Temporal server and one Toxiproxy for the whole test session."""
    from harness.environment.open import Wishes, open_environment  # noqa: PLC0415 - see above
    from harness.settings import find_project  # noqa: PLC0415 - see above
    from harness.workers.interpreter import interpreter_of  # noqa: PLC0415 - see above

    request.config.stash[_kept].used_sdk = True
    option = request.config.getoption
    try:
        root, settings = request.config.rootpath, find_project(request.config.rootpath)[1]
        wishes = Wishes(
            temporal=option("--temporal"),
            temporal_allow=tuple(option("--temporal-allow")),
            policy_allow=settings.temporal_allow,
            interpreter=interpreter_of(settings, root),
            temporal_provider=option("--temporal-provider"),
            temporal_image=option("--temporal-image"),
            namespace=option("--temporal-namespace"),
            toxiproxy=option("--toxiproxy"),
            toxiproxy_provider=option("--toxiproxy-provider"),
            toxiproxy_image=option("--toxiproxy-image"),
        )
        # Each worker process of pytest-xdist has servers of its own, and a folder for their logs.
        folder = _runs(request.config) / getattr(request.config, "workerinput", {}).get("workerid", "")
        async with open_environment(wishes, folder=folder, seed=option("--harness-seed")) as environment:
            with _logged(folder / "application.log"):
                yield environment
    except HarnessError as error:
        pytest.exit(without_commands(f"harness: {error}"), returncode=error.exit_code)


@contextmanager
def _logged(file: Path) -> Iterator[None]:
    """Write the log to a file inside the context: pytest's own log file is one for all processes of pytest-xdist."""
    from harness.sessions.run_session import log_handler  # noqa: PLC0415 - see above

    file.unlink(missing_ok=True)
    handler = log_handler(file)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


@pytest.fixture
def judged(request: pytest.FixtureRequest, harness_environment: Environment) -> Judged:
    """Run a scenario; any verdict other than PASSED fails the test."""
    from harness.catalog import Entry  # noqa: PLC0415 - see above
    from harness.run.held_up import ALONE, as_second, busy, disturbance  # noqa: PLC0415 - see above
    from harness.run.scenario_run import run_scenario  # noqa: PLC0415 - see above
    from harness.settings import find_project  # noqa: PLC0415 - see above

    async def judge(given: Entry | Scenario) -> Result:
        __tracebackhide__ = True
        missing = (given.scenario if isinstance(given, Entry) else given).missing
        if missing and "CI" not in os.environ:
            pytest.skip(" ".join(missing))
        # From here on, this process redacts by the project's rules.
        find_project(request.config.rootpath)
        given_seed = request.config.getoption("--harness-seed")
        name = given.name if isinstance(given, Entry) else _name(request.node)
        seed = zlib.crc32(f"{given_seed} {name}".encode())

        async def run(folder: Path) -> Result:
            return await run_scenario(
                given.scenario if isinstance(given, Entry) else given,
                name=name,
                environment=harness_environment,
                folder=folder,
                seed=seed,
                repeat=f"pytest {shlex.quote(request.node.nodeid)} --harness-seed {given_seed}",
            )

        folder = _runs(request.config).joinpath(*_parts(name))
        result = await run(folder)
        if disturbance(result) or busy(result):
            result = as_second(await run(folder / ALONE), first=result)
        request.node.user_properties.append((RUN, result.verdict.name))
        if result.verdict is not Verdict.PASSED:
            pytest.fail(_message(result), pytrace=False)
        return result

    return judge


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Replay the histories of a test's `replay` mark; fail the test with the report if one is red."""
    __tracebackhide__ = True
    for marker in pyfuncitem.iter_markers("replay"):
        from harness.gate.replay_mark import replay_of_mark  # noqa: PLC0415 - see above

        try:
            failure = replay_of_mark(pyfuncitem.config.rootpath, *marker.args, **marker.kwargs)
        except HarnessError as error:
            failure = f"harness: {error}"
        except TypeError as error:
            failure = f"the mark `replay` has invalid arguments: {error}"
        if failure:
            pytest.fail(without_commands(failure), pytrace=False)


@pytest.fixture
def explored(
    request: pytest.FixtureRequest,
    harness_environment: Environment,
    caplog: pytest.LogCaptureFixture,
) -> Explored:
    """Explore a target within a budget; each finding is a failed subtest, or part of one failure with pytest < 9."""
    from harness.explore.backends.shared_worker import JOBS, SharedWorker  # noqa: PLC0415 - see above
    from harness.explore.search.campaign import Campaign, CampaignPlan  # noqa: PLC0415 - see above
    from harness.reports.explore.story import story, timeline  # noqa: PLC0415 - see above

    try:
        subtests: pytest.Subtests | None = request.getfixturevalue("subtests")
    except pytest.FixtureLookupError:
        subtests = None

    async def explore(
        target: Target, *, faults: int = 1, budget: timedelta | None = None, jobs: int = JOBS
    ) -> Exploration:
        __tracebackhide__ = True
        # The SDK logs a traceback for every injected fault.
        caplog.set_level(logging.CRITICAL, "temporalio")
        name = request.node.name
        # The scenarios' server lists workflows anyway, and can be shared.
        requirements = replace(target.server(), dynamic_config={})
        try:
            async with harness_environment.server_for(requirements, name=name) as server:
                explorer = SharedWorker(target, server.client, jobs=jobs)
                async with explorer.working():
                    found = await Campaign(name, explorer, CampaignPlan(faults=faults, budget=budget)).run()
        except HarnessError as error:
            pytest.fail(without_commands(f"harness: {error}"), pytrace=False)
        # One for each mistake, however many calls show it.
        findings = [
            (one.id, without_commands("\n".join([*story(one), f"  schedule: {one.schedule}", *timeline(one)])))
            for one in found.findings
            if one.verdict is not Verdict.PASSED and one.same_as is None
        ]
        if subtests is not None:
            for name, text in findings:
                with subtests.test(name):
                    pytest.fail(text, pytrace=False)
        elif findings:
            pytest.fail("\n\n".join(text for _, text in findings), pytrace=False)
        unclear = [*found.unclear, *(text for one in found.judged for text in one.unclear)]
        if found.verdict is not Verdict.PASSED:
            lines = [f"{found.verdict}: explored {', '.join(map(str, found.shares))}", *unclear]
            pytest.fail(without_commands("\n".join(lines)), pytrace=False)
        return found

    return explore


def _name(node: pytest.Item) -> str:
    """The name of the scenario that a test defines; with its file, as tests of several files may have one name."""
    file = node.nodeid.partition("::")[0].removesuffix(".py")
    classes = [one.name for one in node.listchain() if isinstance(one, pytest.Class)]
    return "/".join(["pytest", file, *classes, node.name])


def _parts(name: str) -> list[str]:
    """The parts of the path to a run folder: a test's parameters are one of them."""
    test, _, parameters = name.partition("[")
    return [path_part(one) for one in (*test.split("/"), *([parameters.removesuffix("]")] if parameters else []))]


def _message(result: Result) -> str:
    lines = [f"{result.name} is {result.verdict}", *(f"  {finding}" for finding in result.findings)]
    lines += [f"seed:   {result.evidence.seed}", f"folder: {result.folder}", f"repeat: {result.repeat}"]
    return without_commands("\n".join(lines))


def _runs(config: pytest.Config) -> Path:
    given = config.getoption("--harness-runs")
    return Path(given) if given else config.rootpath / "runs" / "pytest"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the number of scenario runs, their verdicts and their folder."""
    runs = config.stash[_kept].runs
    if runs:
        from harness.reports.text import plural  # noqa: PLC0415 - see above

        verdicts = ", ".join(f"{runs[verdict]} {verdict.name.lower()}" for verdict in Verdict if runs[verdict])
        terminalreporter.write_line(
            f"harness: {plural(runs.total(), 'scenario run')}: {verdicts}; run folders in {_runs(config)}"
        )


_exit_status: list[int] = []


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Save the verdicts of claims, and remember the exit code of a session that used the SDK."""
    claims = session.config.stash[_kept].claims
    if claims and not hasattr(session.config, "workerinput"):
        from harness.specification.proofs import keep_verdicts  # noqa: PLC0415 - see above

        keep_verdicts(_runs(session.config), claims)
    if session.config.stash[_kept].used_sdk:
        _exit_status[:] = [int(exitstatus)]


@atexit.register
def _leave() -> None:
    """Exit with the right exit code.

    A process that used the Temporal SDK sometimes dies with SIGSEGV or SIGABRT while the interpreter is finalizing
    (sdk-python issue 300), and exits with 139 or 134 instead of the tests' outcome. So it does not finalize.
    Registered when the plugin is imported, so that all other exit handlers run before it.
    """
    if _exit_status:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(_exit_status[0])
