"""What a custom worker is built with: as declared, else as it reports; and whether that is known for sure."""

from __future__ import annotations

from harness import Application, WorkerCommand, WorkerModule
from harness.evidence.worker_built import WorkerBuilt
from harness.workers.by_import_path import packed
from harness.workers.custom_options import options_of_custom
from harness.workers.sdk_options import SdkOptions
from scenarios.saga.workflow import BookTrip

APPLICATION = Application(workflows=[BookTrip])
MODULE = WorkerModule(entry="shop.worker:main")
REPORTED = WorkerBuilt(worker="w", options=packed(SdkOptions(workflow_failure_exception_types=[ValueError])))


def test_what_the_worker_reports_is_taken() -> None:
    """The replay then judges the same application as the run."""
    options, unsure = options_of_custom(APPLICATION, MODULE, [REPORTED])

    assert list(options.workflow_failure_exception_types) == [ValueError]
    assert unsure == ""


def test_what_the_scenario_declares_comes_first() -> None:
    """A worker may be built in a way that no other process can repeat."""
    application = Application(workflows=[BookTrip], workflow_failure_exception_types=[KeyError])

    options, unsure = options_of_custom(application, MODULE, [REPORTED])

    assert list(options.workflow_failure_exception_types) == [KeyError]
    assert unsure == ""


def test_a_worker_that_reports_nothing_is_asked_about() -> None:
    """With what to declare, or how it would report."""
    _, unsure = options_of_custom(APPLICATION, WorkerCommand(argv=["shop"]), [WorkerBuilt(worker="w")])

    assert "Declare in Application(...)" in unsure
    assert "workflow_failure_exception_types" in unsure
    assert "tells=True" in unsure


def test_what_cannot_be_sent_or_imported_is_not_known() -> None:
    """Why is said."""
    for event, why in (
        (WorkerBuilt(worker="w", problem="a lock cannot be pickled."), "a lock cannot be pickled"),
        (WorkerBuilt(worker="w", options="bm90IHBpY2tsZWQ="), "cannot be imported here"),
    ):
        _, unsure = options_of_custom(APPLICATION, MODULE, [event])

        assert why in unsure
        assert "Declare in Application(...)" in unsure
