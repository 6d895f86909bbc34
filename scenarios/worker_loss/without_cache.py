"""A worker that keeps no workflow in memory, and replays each task from the start, does exactly the same."""

from __future__ import annotations

from dataclasses import replace

from harness import WorkerProcesses
from scenarios.worker_loss import all_well

scenario = replace(all_well.scenario, workers=WorkerProcesses(max_cached_workflows=0), claims=["SAGA-011"])
