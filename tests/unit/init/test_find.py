"""Workflows, activities, worker programs and data converters are found by reading the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.init.find.examples import Examples, as_source
from harness.init.find.workflows import served_with
from tests.unit.init.reading import found_in

FLOWS = """
from datetime import timedelta
import temporalio.workflow as wf
from temporalio import workflow
from app.acts import Bank, charge as pay, refund


@workflow.defn(name="place-order")
class PlaceOrder:
    @workflow.run
    async def run(self, order: str) -> None:
        await workflow.execute_activity(pay, order, start_to_close_timeout=timedelta(seconds=1))
        try:
            await wf.execute_activity_method(Bank.book, order)
            await workflow.execute_child_workflow(Ship.run, order)
        except Exception:
            await workflow.execute_activity("refund", order, task_queue="refunds")


@workflow.defn
class Ship:
    @workflow.run
    async def run(self, order: str) -> None:
        await workflow.wait_condition(lambda: self.told)

    @workflow.signal
    def tell(self, by: str) -> None:
        self.told = True
"""

ACTS = """
from temporalio import activity


@activity.defn
def charge(order): ...


@activity.defn(name="refund-it")
async def refund(order): ...


class Bank:
    @activity.defn
    async def book(self, order): ...
"""


def test_workflows_and_what_they_call(tmp_path: Path) -> None:
    """By whatever name a module has for the SDK and for the activities."""
    found = found_in(tmp_path, app__flows=FLOWS, app__acts=ACTS)
    order, ship = found.workflows

    assert (order.name, order.pattern, order.place) == ("PlaceOrder", "place_order", "app/flows.py:9")
    assert [one.name for one in order.activities] == ["charge", "book", "refund"]
    assert [one.name for one in order.always] == ["charge", "book"]
    assert list(order.queues) == ["refunds"]
    assert [one.name for one in found.started] == ["PlaceOrder"]
    assert served_with(order, found.workflows) == [order, ship]
    assert [one.name for one in ship.signals] == ["tell"]


@pytest.mark.parametrize(
    ("name", "pattern"), [("OrderWorkflow", "order"), ("Workflow", "workflow"), ("HTTPImport", "http_import")]
)
def test_the_name_of_a_pattern(tmp_path: Path, name: str, pattern: str) -> None:
    """A folder is named after its workflow."""
    (workflow, _) = found_in(tmp_path, flows=FLOWS.replace("PlaceOrder", name)).workflows

    assert workflow.pattern == pattern


WORKER = """
import asyncio
import os
from temporalio.client import Client
from temporalio.worker import Worker
from app import flows

QUEUE = "orders"


async def main({parameters}):
    client = await Client.connect("localhost:7233"{connect})
    await Worker(client, task_queue=QUEUE, workflows=[flows.PlaceOrder, flows.Ship]).run()
"""
GUARD = 'if __name__ == "__main__":\n    asyncio.run(main())\n'

ENTRIES = {
    "a script": ({"app__worker": WORKER + GUARD}, "app.worker"),
    "a package": ({"app/__main__": WORKER + GUARD}, "app"),
    "a function": ({"app__worker": WORKER}, "app.worker:main"),
    "another script": (
        {"app__worker": WORKER, "run": f"import asyncio\nfrom app.worker import main\n{GUARD}"},
        "run",
    ),
    "inside a web application": ({"app__worker": WORKER.replace("{parameters}", "app")}, ""),
}


@pytest.mark.parametrize(("files", "entry"), ENTRIES.values(), ids=ENTRIES)
def test_how_a_worker_program_is_started(tmp_path: Path, files: dict[str, str], entry: str) -> None:
    """As a script, or by the function that builds the worker, where it needs no arguments."""
    files = {name: text.replace("{parameters}", "").replace("{connect}", "") for name, text in files.items()}
    found = found_in(tmp_path, app__flows=FLOWS, app__acts=ACTS, **files)
    (program,) = found.programs

    assert program.entry == entry
    assert program.queue_of("PlaceOrder") == "orders"
    assert program.queue_of("Other") is None
    assert (found.program_of(found.workflows[0]) is program) is bool(entry)


CONVERTERS = {
    "imported": ("data_converter=converter", "converter", [("app.codec", "converter")]),
    "made in place": (
        "data_converter=dataclasses.replace(made, payload_codec=codec)",
        "dataclasses.replace(converter, payload_codec=Codec(QUEUE))",
        [("", "dataclasses"), ("app.codec", "Codec"), ("app.codec", "converter"), ("app.worker", "QUEUE")],
    ),
    "known there only": ("data_converter=await load()", "", []),
}


@pytest.mark.parametrize(("connect", "source", "imports"), CONVERTERS.values(), ids=CONVERTERS)
def test_the_data_converter(tmp_path: Path, connect: str, source: str, imports: list[tuple[str, str]]) -> None:
    """As an expression in which every name can be imported."""
    worker = WORKER.replace("{parameters}", "").replace("{connect}", f", {connect}")
    more = "    codec = Codec(QUEUE)\n    made = converter\n    client ="
    worker = "import dataclasses\nfrom app.codec import Codec, converter\n" + worker.replace("    client =", more)
    found = found_in(tmp_path, app__flows=FLOWS, app__worker=worker).converter

    assert found is not None
    assert (found.source, list(found.imports)) == (source, imports)


EXAMPLES = {
    "str": ("order_id: str", "'order_id-1'"),
    "int": ("nights: int", "1"),
    "money": ("cents: int", "100"),
    "optional": ("x: 'str | None'", "'x-1'"),
    "list": ("tags: list[str]", "['tag-1']"),
    "dict": ("extra: dict[str, int]", "{}"),
    "a class": ("order: Order", "Order(id='id-1', lines=[Line(sku='sku-1')], kind=Kind.NEW)"),
    "standard": ("at: datetime, wait: timedelta", "datetime(2026, 1, 31), timedelta(seconds=1)"),
    "a default": ("order_id: str, dry: bool = False", "'order_id-1'"),
    "literal": ("kind: Literal['a', 'b']", "'a'"),
    "typed dict": ("one: Typed", "{'name': 'name-1'}"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("parameters", "source"), EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_of_what_a_workflow_is_given(tmp_path: Path, parameters: str, source: str) -> None:
    """By its annotations, those of classes in other modules included."""
    flow = f"""
    from datetime import datetime, timedelta
    from typing import Literal
    from temporalio import workflow
    from app.models import Order, Typed


    @workflow.defn
    class Flow:
        @workflow.run
        async def run(self, {parameters}) -> None: ...
    """
    models = """
    from dataclasses import dataclass, field
    from enum import Enum
    from typing import TypedDict

    class Kind(Enum):
        NEW = "new"

    class Typed(TypedDict):
        name: str

    @dataclass
    class Line:
        sku: str
        count: int = 1

    @dataclass
    class Base:
        id: str

    @dataclass
    class Order(Base):
        lines: list[Line]
        kind: "Kind"
        notes: list[str] = field(default_factory=list)
    """
    found = found_in(tmp_path, app__flow=flow, app__models=models)
    (workflow,) = found.workflows
    examples = Examples(found.project).arguments(workflow.run.args, workflow.module)

    assert ", ".join(as_source(one, set()) for one in examples) == source
