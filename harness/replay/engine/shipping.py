"""Code as bytes that another process imports afresh: classes by name, settings by value or by the name of a module."""

from __future__ import annotations

import base64
import importlib.abc
import importlib.util
import io
import pickle
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, ClassVar

from harness.application_side.loading import Loaded
from harness.workers.by_import_path import CANNOT, ImportPathPickler


class CannotShip(Exception):  # noqa: N818 - a state of a value
    """The code has a part that another process cannot build."""


def pack(code: Loaded) -> Mapping[str, Any]:
    """Return the code as JSON data.

    Raises:
        CannotShip: A class or a value can be neither imported by name nor pickled.
    """
    stream = io.BytesIO()
    try:
        ImportPathPickler(stream).dump(code)
    except CANNOT as error:
        raise CannotShip(
            f"the code cannot be replayed in another process: {error}. Define workflows at the top level of a module, "
            "and keep a data converter or an interceptor that cannot be pickled in a variable of a module."
        ) from error
    files = {one.__module__: getattr(sys.modules[one.__module__], "__file__", None) for one in code.workflows}
    return {
        "pickled": base64.b64encode(stream.getvalue()).decode(),
        "files": {name: file for name, file in files.items() if file},
    }


def unpack(data: Mapping[str, Any]) -> Loaded:
    """Import what `pack` has packed, from files where a module is not found by its name."""
    if not any(isinstance(one, _ByFile) for one in sys.meta_path):
        sys.meta_path.append(_ByFile())
    _ByFile.files.update(data["files"])
    code: Loaded = pickle.loads(base64.b64decode(data["pickled"]))  # noqa: S301 - written by `pack`
    return code


class _ByFile(importlib.abc.MetaPathFinder):
    """Finds modules that the other process has imported by their files, as pytest does with test modules."""

    files: ClassVar[dict[str, str]] = {}

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        file = self.files.get(name)
        return None if file is None else importlib.util.spec_from_file_location(name, file)
