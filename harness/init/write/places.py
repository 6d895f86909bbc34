"""Where things are written: the folders of scenarios, fakes and targets, and the names to import them by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.settings import Settings

TARGETS = "explore"


@dataclass(frozen=True, kw_only=True)
class Places:
    """The folders, relative to the project's root.

    Attributes:
        scenarios: Of scenarios.
        fakes: Of fakes.
        targets: Of the targets of explorations.
    """

    scenarios: str
    fakes: str
    targets: str = TARGETS

    @staticmethod
    def of(root: Path, settings: Settings | None) -> Places:
        """Return the folders of the settings; without settings, folders that hold nothing else."""
        if settings is not None:
            return Places(scenarios=settings.scenarios[0], fakes=settings.fakes[0])
        return Places(scenarios=_free(root, "scenarios"), fakes=_free(root, "fakes"))


def dotted(folder: str) -> str:
    """Return the name of a folder as a package."""
    return ".".join(Path(folder).parts)


def _free(root: Path, name: str) -> str:
    return f"harness_{name}" if any((root / name).glob("*")) or (root / f"{name}.py").exists() else name
