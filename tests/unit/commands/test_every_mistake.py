"""Every way to be wrong in every option of every command ends with a sentence and the right exit code.

The rows are made from the commands themselves: a new command or option is in the table at once. One whose values are of
a kind that no row is known for fails here, until `WRONG` says how they can be wrong.
"""

from __future__ import annotations

import re
import signal
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from harness import cli
from harness.commands._paths import Read, Written
from harness.commands._types import Import, Seconds
from harness.exit_codes import ENVIRONMENT, USAGE
from harness.files.naming import kinds_in
from harness.processes import guard

FILES = {
    "harness.toml": 'scenarios = ["mistaken_trials"]\nfakes = ["mistaken_fakes"]\nclaims = ["claims"]\n',
    "claims/doors.toml": """
prefix = "DOOR"
title = "Doors"

[[claims]]
id = "DOOR-001"
standing = "not-testable"
says = "It opens."
truth = "It is advice."
""",
    "mistaken_trials/__init__.py": "",
    "mistaken_trials/doors/__init__.py": "",
    "mistaken_trials/doors/opens.py": "",
    "mistaken_fakes/__init__.py": "",
}

NUL, EMPTY, FILE, FOLDER, BELOW, MISSING, LONG = "a\0b", "", "a-file", "a-folder", "a-file/x", "missing", "x" * 300

ADDRESSES = ("nohost", "a:b:c", ":80", "host:", "host:0", "host:70000", "host:-1", "http://host:80", "a b:80", "@:1")

# By the metavar that `--help` shows. Those without a value are free texts: only nothing at all is wrong.
WRONG: Mapping[str, Sequence[str]] = {
    "HOST:PORT": ADDRESSES,
    "JSON": ("{", "Ada", "'Ada'"),
    "TIME": ("soon", "5", "0s", "-1s", "1d", "nans", f"{'9' * 30}h"),
    "SCHEDULE": ("x", "a#b:error", "charge#1:nonsense", "charge#1", ","),
    "EVENT": ("x", "-1", "run-2/", "2/5"),
    "POINT": ("nowhere", "workflow_task:x", ":"),
    "RULE": ("nonsense", "fields=a"),
    "NAME=FILE": ("x", "x=", "=x", "no_report=x"),
    "N/OF": ("x", "0/2", "3/2", "1/0", "1/-1", "1"),
    "TARGET": ("nowhere", "nowhere.py", "no_such_module:Order", "no/scenario", "json:Order", ":", "x:"),
    "NAME...": ("no/scenario", "nothing*", "["),
    "[NAME]...": ("no/scenario", "nothing*"),
    "[ID]...": ("NO-1", "nothing*"),
    "NAME": ("no_fake",),
    "[FILE]...": (MISSING, BELOW, FOLDER, LONG),
    "TESTS": (MISSING, BELOW, LONG),
    "PATH...": (MISSING, BELOW, FOLDER, LONG),
    "RUN...": (MISSING, BELOW, FOLDER, FILE, LONG),
    "SESSION...": (MISSING, BELOW, FOLDER, FILE, LONG),
    "PYTHON": (MISSING, BELOW, FOLDER, FILE, LONG),
    "REV|PATH": ("no-such-revision", "-x", MISSING),
    "PATTERN": ("no_pattern", BELOW, "."),
    "FOLDER": ("a-b", "1st", "a.b", "../a", "class", "."),
    "IMAGE": (),
    "WORKFLOW_ID": (),
    "MODULE": (),
    "TEXT": (),
    "BASE": (),
    "HOST": (),
}
FREE_TEXTS = {"query", "task_queue", "namespace", "profile", "host"}

# What a command needs besides the option that is wrong.
ARGUMENTS: Mapping[str, Sequence[str]] = {
    "add": ["pattern", "saga"],
    "run": ["doors/opens"],
    "explain": ["doors/opens"],
    "explore": ["mistaken_shop:Order"],
    "judge": [FOLDER],
    "report": [FOLDER],
    "record": ["corpus", "--limit", "1"],
    "replay": ["a-history.json", "--workflows", "mistaken_shop"],
}
BESIDE = {"--baseline": ["--update-baseline"]}

CONFLICTS: Sequence[tuple[str, int]] = [
    ("run doors/opens --crash-everywhere --crash-at 5", USAGE),
    ("run doors/opens --crash-everywhere --times 2", USAGE),
    ("run doors/opens --crash-at 5 --watch --hold --ui", USAGE),
    ("run doors/opens --crash-everywhere --hold-at before_body", USAGE),
    ("run doors/opens --hold --times 2", USAGE),
    ("run doors/opens --without-faults --json x --sarif y", USAGE),
    ("run doors/opens --without-faults --report x=y", USAGE),
    ("list doors/opens --kinds faults", USAGE),
    ("run doors/opens --namespace x", USAGE),
    ("run doors/opens --temporal 127.0.0.1:1 --temporal-provider dev-server", USAGE),
    ("run doors/opens --temporal 127.0.0.1:1 --ui", USAGE),
    ("run doors/opens --temporal-image x", USAGE),
    ("run doors/opens --toxiproxy a:1 --toxiproxy-provider embedded", USAGE),
    ("run doors/opens --toxiproxy-image x", USAGE),
    ("gate --explain --update-baseline", USAGE),
    ("gate --explain --junit x", USAGE),
    ("gate --refresh-histories --shard 1/2", USAGE),
    ("explore mistaken_shop:Order --resume --only charge#1:error", USAGE),
    ("explore mistaken_shop:Order --update-baseline", USAGE),
    ("explore mistaken_shop:Order --baseline missing", USAGE),
    ("explore mistaken_shop:Order --toxiproxy a:1", USAGE),
    ("explore doors/opens --input 1", USAGE),
    ("explore doors/opens --save mistaken_trials/found", USAGE),
    ("explore mistaken_shop:Order --save elsewhere/found", USAGE),
    ("record corpus", USAGE),
    ("record corpus --from-run a-folder --temporal 127.0.0.1:1", USAGE),
    ("record corpus --from-run a-folder --profile x", USAGE),
    ("record corpus --from-run a-folder", USAGE),
    ("fake --port 1", USAGE),
    ("mutate --update-baseline", USAGE),
    ("mutate --baseline missing", USAGE),
    ("claims --brief --json", USAGE),
    ("add", USAGE),
    ("add fake", USAGE),
    ("add pattern sage", USAGE),
    ("add fake payment", USAGE),
    ("add fake payments --as x", USAGE),
    ("add scenario saga/lost", USAGE),
    ("add scenario saga/all_well", USAGE),
    ("add scenario saga/all_well --for nobody", USAGE),
    ("add pattern saga --from a-history.json", USAGE),
    ("add fake things --host x", USAGE),
    ("add fake 1st --from a-history.json", USAGE),
    ("add fake Things --from a-history.json", USAGE),
    ("add fake things --from a-history.json", USAGE),
    ("add --list --dry-run", USAGE),
    ("add fake payments --json", USAGE),
    ("add --list pattern saga", USAGE),
    ("init --dry-run --no-run", USAGE),
    ("nonsense", USAGE),
]


@dataclass(frozen=True)
class Row:
    """One command line that is wrong."""

    words: tuple[str, ...]
    code: int

    def __str__(self) -> str:
        return " ".join(
            repr(one)[:30] if not one.isprintable() or len(one) > 30 or not one else one for one in self.words
        )


def command_of(name: str) -> click.Command:
    """The command of that name."""
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    return command


def wrong(param: click.Parameter) -> Iterator[tuple[str, int]]:
    """Values that are wrong for an option or an argument, each with the exit code."""
    yield from ((EMPTY, USAGE), (NUL, USAGE))
    kind = param.type
    if isinstance(kind, Written):
        yield from ((BELOW, ENVIRONMENT), (LONG, ENVIRONMENT))
        yield (FILE, ENVIRONMENT) if kind.folder else (FOLDER, ENVIRONMENT)
    elif isinstance(kind, Read) and not kind.reported:
        yield from ((MISSING, USAGE), (BELOW, USAGE), (LONG, USAGE))
        if kind.folder is not None:
            yield (FILE, USAGE) if kind.folder else (FOLDER, USAGE)
    elif isinstance(kind, Import):
        yield from ((one, USAGE) for one in (":", "a:", ":b", "a b:c", "a:b:c", "a-b:c", "1:2"))
    elif isinstance(kind, click.IntRange | click.FloatRange):
        yield from ((one, USAGE) for one in out_of_range(kind))
    elif isinstance(kind, click.Choice):
        yield "nonsense", USAGE
    elif param.name not in FREE_TEXTS:
        metavar = param.metavar or param.human_readable_name.upper()
        assert metavar in WRONG, f"{param.opts[-1]}: say in WRONG how a value of the kind {metavar} can be wrong"
        yield from ((one, USAGE) for one in WRONG[metavar])


def out_of_range(kind: click.IntRange | click.FloatRange) -> Iterator[str]:
    """What is no number, or is not in the range."""
    yield from ("many", "1e400", "nan", "inf", "-1")
    if isinstance(kind, click.IntRange):
        yield "1.5"
    if isinstance(kind, Seconds):
        yield "1e300"
    if kind.min and kind.min > 0:
        yield "0"
    if kind.max is not None:
        yield str(int(kind.max) + 1)


def rows() -> Iterator[Row]:
    """Every row of the table."""
    for name in kinds_in("commands"):
        command, needed = command_of(name), tuple(ARGUMENTS.get(name, ()))
        yield Row((name, *needed, "--no-such-option"), USAGE)
        if any(one.required for one in command.params):
            yield Row((name,), USAGE)
        arguments = [one for one in command.params if isinstance(one, click.Argument)]
        for param in command.params:
            option = param.opts[-1]
            if isinstance(param, click.Argument):
                place = arguments.index(param)
                before, after = needed[:place], needed[place + 1 :]
                yield from (Row((name, *before, value, *after), code) for value, code in wrong(param))
            elif isinstance(param, click.Option) and param.is_flag:
                yield Row((name, *needed, f"{option}=x"), USAGE)
            else:
                beside = tuple(BESIDE.get(option, ()))
                yield Row((name, *needed, option), USAGE)
                yield Row((name, *needed, f"{option}="), USAGE)
                yield from (Row((name, *needed, *beside, option, value), code) for value, code in wrong(param))
    yield from (Row(tuple(words.split()), code) for words, code in CONFLICTS)


ROWS = list(rows())

OPENS = '''"""A door opens."""

from harness import Application, Outcome, Scenario
from mistaken_shop import Order

scenario = Scenario(
    application=Application(workflows=[Order], activities=lambda: []),
    workflow=Order.run,
    expects=[Outcome(result=None)],
)
'''

SHOP = """from temporalio import workflow


@workflow.defn
class Order:
    @workflow.run
    async def run(self) -> None:
        pass
"""


@pytest.fixture(scope="module", name="project")
def _project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mistaken")
    scenario = {"mistaken_trials/doors/opens.py": OPENS, "mistaken_shop.py": SHOP}
    for name, text in {**FILES, **scenario, FILE: "", "a-history.json": '{"events": []}'}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / FOLDER).mkdir()
    return folder


@pytest.fixture
def _here(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In the project, where nothing can be started."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something is started")

    kept = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.chdir(project)
    monkeypatch.setattr(sys, "path", [str(project), *sys.path])
    monkeypatch.setattr(guard.ProcessGuard, "__aenter__", refuse)
    # Of a server's host, it is looked up whether that is this machine.
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: [(None, None, None, "", (host, 0))])
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


# `harness explore` prints to a stream of its own, which is closed when the process ends.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("_here")
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_mistake_is_a_sentence_and_an_exit_code(row: Row, capfd: pytest.CaptureFixture[str]) -> None:
    """In one paragraph, without a traceback, and before anything is started."""
    code = cli.main(row.words)
    printed = capfd.readouterr()

    assert (code, printed.out) == (row.code, ""), printed.err
    assert re.match(r"harness: \S|(Usage: .*\n\n)?Error: \S", printed.err, re.DOTALL)
    assert "Traceback" not in printed.err
    assert "\n\n" not in printed.err.rpartition("Error: ")[2].strip()


def test_the_table_has_every_option() -> None:
    """Several rows for each that takes a value: it cannot become empty without notice."""
    options = [(name, one) for name in kinds_in("commands") for one in command_of(name).params]

    assert len(ROWS) > 3 * len(options)
