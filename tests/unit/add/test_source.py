"""Source code is rewritten as text: what is not meant stays as it is."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import dedent

import pytest

from harness.add.source import (
    ImportedName,
    attributes_of,
    imports,
    names_in,
    packages_of,
    page_for,
    rewritten,
    without_claims,
)

ROOT = Path(__file__).parents[3]
REFERENCE = sorted([*ROOT.glob("scenarios/*/**/*.py"), *ROOT.glob("fakes/**/*.py")])


def text(code: str) -> str:
    """Source code, without the indentation that it has here."""
    return dedent(code).lstrip("\n")


def test_imports_are_renamed_and_nothing_else() -> None:
    """Neither what a text says, nor a package whose name only begins so, nor the formatting."""
    before = text('''
        """As scenarios.saga has it: from scenarios.saga import all_well."""
        from fakes.cars import (  # the cars
            Cars,
        )
        from fakes_of_ours import cars
        from scenarios.saga import all_well
        from scenarios.sagas import other
        with unsafe():
            from scenarios.saga.activities  import Step
            from scenarios.saga.workflow import Trip
    ''')

    assert rewritten(before, {"scenarios.saga": "tests.trials.order", "fakes": "stands"}) == text('''
        """As scenarios.saga has it: from scenarios.saga import all_well."""
        from stands.cars import (  # the cars
            Cars,
        )
        from fakes_of_ours import cars
        from tests.trials.order import all_well
        from scenarios.sagas import other
        with unsafe():
            from tests.trials.order.activities  import Step
            from tests.trials.order.workflow import Trip
    ''')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'scenario = Scenario(\n    faults=[],  # none\n    claims=["A-001"],\n)\n',
            "scenario = Scenario(\n    faults=[],\n)\n",
        ),
        (
            'scenario = replace(one, workers=Two(n=2), claims=["Ä-001"])\n',
            "scenario = replace(one, workers=Two(n=2))\n",
        ),
        ('scenario = replace(one, claims=["Ä-001"], workers=Two())\n', "scenario = replace(one, workers=Two())\n"),
        ("claims = 1\nscenario = Scenario(expects=claims)\n", "claims = 1\nscenario = Scenario(expects=claims)\n"),
        ('"ä"; scenario = replace(one, claims=())\n', '"ä"; scenario = replace(one)\n'),
    ],
)
def test_claims_are_left_out(before: str, after: str) -> None:
    """They are of the reference's specification, which a project does not have."""
    assert without_claims(before) == after


@pytest.mark.parametrize("file", REFERENCE, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_reference_can_be_rewritten(file: Path) -> None:
    """None of its files imports a package in another way; without claims, no comment is gone with them."""
    source = file.read_text(encoding="utf-8")
    after = without_claims(rewritten(source, {"scenarios": "a.b", "fakes": "c"}))

    assert ours(after) == set()
    assert source.count("#") == after.count("#")
    assert "claims=" not in after


def ours(source: str) -> set[str]:
    """What a source imports, or only a type checker sees, from the packages of the reference."""
    named = {
        one
        for node in ast.walk(ast.parse(source))
        for one in (
            [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    return {one for one in named if one.partition(".")[0] in {"scenarios", "fakes"}}


def test_what_only_a_type_checker_imports_is_not_needed() -> None:
    """It need not be installed."""
    source = text("""
        import json
        import boto3.session
        from botocore.config import Config as Settings
        from . import beside
        if TYPE_CHECKING:
            from types_boto3_s3 import S3Client
    """)

    assert imports(source)[-1] == ImportedName(line=3, module="botocore.config", name="Config", bound="Settings")
    assert packages_of(source) == {"boto3", "botocore"}


def test_the_names_of_a_module() -> None:
    """What can be imported from it; not what its functions have to themselves."""
    source = text("""
        import a.b
        from c import d as e
        F: int = 1
        G, (H, *I) = 1, (2, 3)
        with j as k:
            L = [m for m in ()]
        def n(o=1):
            p = 2
        class Q:
            r = 1
    """)

    names = names_in(source)

    assert names is not None
    assert names - {"m"} == {"a", "e", "F", "G", "H", "I", "k", "L", "n", "Q"}
    assert names_in("from a import *\n") is None


def test_the_attributes_of_a_name() -> None:
    """Each with its line."""
    assert attributes_of("a.b\nc.a.d\n(a).e.f\n", "a") == [(1, "b"), (3, "e")]


def test_a_page_speaks_of_the_project_s_pattern() -> None:
    """Links to what is not copied become words, and mutants are not mentioned."""
    page = text("""
        # saga: book all of it
        See [heartbeat](../heartbeat/README.md), [the code](workflow.py) and [Temporal](https://temporal.io).
        Mutants are in `tests/convictions/saga/`.
        | `saga/all_well` | nothing |
    """)

    assert page_for(page, pattern="saga", name="order") == text("""
        # order: book all of it
        See heartbeat, [the code](workflow.py) and [Temporal](https://temporal.io).
        | `order/all_well` | nothing |
    """)
