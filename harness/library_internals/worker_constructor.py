"""A plugin for every worker that is made in this process: `Worker.__init__`, replaced for a while.

Read in `temporalio/worker/_worker.py`. The SDK takes plugins for one client or one worker, and has nothing for workers
that somebody else's code makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from temporalio.worker import Plugin, Worker


@contextmanager
def plugin_for_every_worker(plugin_for: Callable[[Mapping[str, Any]], Plugin | None]) -> Iterator[None]:
    """Add a plugin, behind its own, to every worker that is made inside the context.

    Args:
        plugin_for: Receives the keyword arguments of a worker and returns its plugin; None leaves the worker alone.
    """
    original = Worker.__init__

    @wraps(original)
    def make(worker: Worker, *args: Any, **options: Any) -> None:
        plugin = plugin_for(options)
        if plugin is not None:
            options["plugins"] = [*options.get("plugins", ()), plugin]
        original(worker, *args, **options)

    Worker.__init__ = make  # type: ignore[method-assign, assignment]  # see the module
    try:
        yield
    finally:
        Worker.__init__ = original  # type: ignore[method-assign]
