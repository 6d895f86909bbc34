"""Finds history files under the paths that a user names: files, corpora, run folders, and any other folders."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.replay.histories.files import Known

INDEX = "index.json"
"""The file of a corpus that describes its histories."""

RUN_INDEX = "evidence.json"
"""The same of a run folder."""

RUN_EVENTS = "events.jsonl"
"""What else a run folder has in lines of JSON: the harness's own events."""

SUFFIXES = (".json", ".jsonl", ".ndjson", ".pb", ".binpb", ".proto")
"""How the names of history files in a folder end, with .gz behind it where they are compressed."""

_NO_HISTORIES = frozenset({INDEX, RUN_INDEX, "report.json", "decoded.json"})


@dataclass(frozen=True, kw_only=True)
class Found:
    """A file that holds one history or several.

    Attributes:
        path: The file.
        size: Its size in bytes; large files are replayed first.
        known: What an index has of it.
    """

    path: Path
    size: int
    known: Known


def find(paths: Sequence[Path], *, assume_open: bool = False) -> list[Found]:
    """Return every history file under these paths, each once, the largest first.

    Args:
        paths: Files of any name, and folders, of which every file with one of the `SUFFIXES` at any depth is taken.
        assume_open: Whether a history without a close event is taken for that of an open run.

    Raises:
        UsageError: A path does not exist, a folder holds no history, or an index cannot be read; every problem at once.
    """
    found: dict[Path, Found] = {}
    problems: list[str] = []
    for path in paths:
        if path.is_dir():
            files = sorted(one for one in path.rglob("*") if _is_history(one))
            if not files:
                forms = ", ".join(SUFFIXES)
                problems.append(f"there is no history under {path}: no file ends with {forms}, or with these and .gz.")
        elif path.exists():
            files = [path]
        else:
            problems.append(f"{path} does not exist.")
            continue
        try:
            known = dict(_known(path))
        except UsageError as error:
            problems += error.problems
            continue
        for file in files:
            said = known.get(file.resolve(), Known())
            if assume_open and said.open is None:
                said = Known(**{**vars(said), "open": True})
            found[file.resolve()] = Found(path=file, size=file.stat().st_size, known=said)
    if problems:
        raise UsageError(*problems)
    return sorted(found.values(), key=lambda one: (-one.size, str(one.path)))


def _is_history(path: Path) -> bool:
    name = path.name.removesuffix(".gz")
    if not name.endswith(SUFFIXES) or path.name in _NO_HISTORIES or not path.is_file():
        return False
    if path.name == RUN_EVENTS and path.with_name(RUN_INDEX).exists():
        return False
    # Protobuf definitions have the same ending as the batch export of Temporal Cloud, and are text.
    return path.suffix != ".proto" or not _is_text(path)


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        return min(file.read(1000), default=0) >= ord("\t")


def _known(path: Path) -> Iterator[tuple[Path, Known]]:
    """Yield what the indexes in and around a folder have of each file."""
    folder = path if path.is_dir() else path.parent
    for index in folder.rglob(INDEX):
        for file, said in _read(index).get("histories", {}).items():
            yield (
                (index.parent / file).resolve(),
                Known(
                    workflow_id=said.get("workflow_id", ""),
                    run_id=said.get("run_id", ""),
                    namespace=said.get("namespace", ""),
                    open=said.get("open"),
                    events=said.get("events", 0),
                ),
            )
    # The histories of a run folder are two folders below their index; each is named after its run.
    for index in [*folder.rglob(RUN_INDEX), *(one / RUN_INDEX for one in folder.parents[:2])]:
        if index.is_file():
            by_run = {one["run_id"]: one["workflow_id"] for one in _read(index).get("histories", ())}
            for file in index.parent.glob("histories/*/*.json"):
                if file.stem in by_run:
                    # Written when the run was over, so nothing has cut it short.
                    yield file.resolve(), Known(workflow_id=by_run[file.stem], run_id=file.stem, open=True)


def _read(index: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(index.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"the index {index} cannot be read: {error}.") from error
    if not isinstance(data, Mapping):
        raise UsageError(f"the index {index} is not a JSON object.")
    return data
