"""Every file in `toxics/` is a toxic type, by its name."""

from __future__ import annotations

import importlib
import pkgutil

from harness.embedded_toxiproxy import toxics
from harness.embedded_toxiproxy.toxic import Toxic


def load() -> dict[str, Toxic]:
    """Return every toxic type with its default settings."""
    kinds: dict[str, Toxic] = {}
    for module in pkgutil.iter_modules(toxics.__path__):
        kind: type[Toxic] = importlib.import_module(f"{toxics.__name__}.{module.name}").KIND
        kinds[module.name] = kind()
    return kinds
