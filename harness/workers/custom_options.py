"""What a custom worker is built with in the SDK: as it reports, or as its scenario declares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from harness.events import Event
from harness.evidence.worker_built import WorkerBuilt
from harness.workers.application import Application
from harness.workers.by_import_path import unpacked
from harness.workers.custom import CustomWorker
from harness.workers.sdk_options import SdkOptions, sdk_options

DECLARE = (
    "Declare in Application(...) what the worker is built with: workflow_failure_exception_types, interceptors, "
    "plugins, data_converter, workflow_runner or passthrough_modules."
)


def options_of_custom(application: Application, own: CustomWorker, events: Iterable[Event]) -> tuple[SdkOptions, str]:
    """Return what a custom worker is built with, and why that is not known for sure; "" if it is.

    Args:
        application: What the scenario declares.
        own: The worker.
        events: Of the run, in which the worker may have reported it.
    """
    declared = SdkOptions(**sdk_options(application))
    built = next((one for one in events if isinstance(one, WorkerBuilt) and (one.options or one.problem)), None)
    if declared != SdkOptions(data_converter=declared.data_converter, search_attributes=declared.search_attributes):
        # Who declares, knows: a worker may be built in a way that no other process can repeat.
        return declared, ""
    if built is None:
        how = "" if own.tells else " Or add `WorkerPlugin()` to its client, and set tells=True."
        return declared, f"It is not known what the worker is built with. {DECLARE}{how}"
    if built.problem:
        return declared, f"It is not known what the worker is built with: {built.problem} {DECLARE}"
    try:
        reported: SdkOptions = unpacked(built.options)
    except Exception as error:  # noqa: BLE001 - another Python, another path, or a module that does not import here
        return declared, f"What the worker is built with cannot be imported here: {error!r}. {DECLARE}"
    if declared.data_converter != SdkOptions().data_converter:
        reported = replace(reported, data_converter=declared.data_converter)
    return replace(reported, search_attributes=declared.search_attributes), ""
