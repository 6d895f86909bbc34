"""Sends values to another process: classes and functions by import path, and so parts that cannot be pickled.

A payload codec often holds keys, locks or clients that cannot be pickled. Where the codec, or the data converter that
has it, is a variable of a module, the other process imports that module and takes its own.
"""

from __future__ import annotations

import base64
import importlib
import io
import pickle
import sys
from collections.abc import Iterator
from typing import Any

from temporalio.client import Interceptor as ClientInterceptor
from temporalio.client import Plugin as ClientPlugin
from temporalio.converter import DataConverter, PayloadCodec
from temporalio.worker import Interceptor, Plugin, WorkflowRunner

from harness.errors import UsageError

CANNOT = (pickle.PicklingError, AttributeError, TypeError)
"""What `pickle` raises for a value that it cannot pickle."""


PARTS = (DataConverter, PayloadCodec, Interceptor, ClientInterceptor, Plugin, ClientPlugin, WorkflowRunner)
"""What is imported by the name of its variable where it cannot be pickled."""


def packed(value: Any) -> str:
    """Return a value as text that a worker process can read.

    Raises:
        UsageError: A part of it cannot be pickled, and cannot be found by its import path.
    """
    stream = io.BytesIO()
    try:
        ImportPathPickler(stream).dump(value)
    except CANNOT as error:
        raise UsageError(
            f"the application cannot run in a worker process: {error}. Define its classes, its functions and its data "
            "converter at the top level of a module that can be imported."
        ) from error
    return base64.b64encode(stream.getvalue()).decode()


def unpacked(text: str) -> Any:
    """Return the value that `packed` made text of. Imports what it refers to."""
    return pickle.loads(base64.b64decode(text))  # noqa: S301 - written by the runner


class ImportPathPickler(pickle.Pickler):
    """Pickles values; a part of a worker that cannot be pickled is imported from the module that holds it."""

    def reducer_override(self, value: object) -> Any:
        """Replace such a part by the import of its variable."""
        if not isinstance(value, PARTS):
            return NotImplemented
        try:
            pickle.dumps(value)
        except CANNOT:
            name = next(_names_of(value), None)
            return NotImplemented if name is None else (_variable, name)
        return NotImplemented


def _names_of(value: object) -> Iterator[tuple[str, str]]:
    for module in list(sys.modules.values()):
        if module.__name__ != "__main__":
            yield from ((module.__name__, name) for name, one in list(vars(module).items()) if one is value)


def _variable(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)
