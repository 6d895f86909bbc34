"""Which task queues the user's files name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.workers import other_queues
from harness.workers.other_queues import in_group, names_in


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("worker.py", 'Worker(client, task_queue="orders")'),
        ("worker.py", "TASK_QUEUE = 'orders'"),
        ("worker.py", 'TASK_QUEUE: Final = "orders"'),
        ("worker.py", 'os.environ.get("TASK_QUEUE", "orders")'),
        ("worker.py", 'task_queue=os.getenv("QUEUE", "orders")'),
        ("worker.ts", "taskQueue: 'orders'"),
        ("Worker.java", 'setTaskQueue("orders")'),
        ("worker.yaml", 'task-queue: "orders"'),
    ],
)
def test_a_name_in_a_file_is_found(tmp_path: Path, name: str, text: str) -> None:
    """In the languages that Temporal has SDKs for."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / name).write_text(f"# a worker\n{text}\n", encoding="utf-8")

    assert names_in(tmp_path) == ("orders",)


def test_what_is_no_name_of_the_user_is_left_out(tmp_path: Path) -> None:
    """Names that are put together, other files, and folders that are not the user's code."""
    for file in (".venv/lib.py", "node_modules/lib.js", "notes.txt", "worker.py"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        text = 'task_queue=f"{tenant}"' if file == "worker.py" else 'task_queue="theirs"'
        (tmp_path / file).write_text(text, encoding="utf-8")

    assert names_in(tmp_path) == ()


def test_a_large_folder_is_looked_through_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hint is not worth minutes."""
    monkeypatch.setattr(other_queues, "FILES", 2)
    for number in range(4):
        (tmp_path / f"{number}.py").write_text(f"task_queue='{number}'", encoding="utf-8")

    assert names_in(tmp_path) == ("0", "1")


def test_a_poller_of_the_worker_s_group_is_known_by_its_process_id() -> None:
    """An identity of the user's own says nothing."""
    own = f"{os.getpid()}@here"

    assert in_group(own, os.getpgid(0))
    assert not in_group(own, os.getpgid(0) + 1)
    assert not in_group("orders-worker", os.getpgid(0))
    assert not in_group("99999999@here", os.getpgid(0))
