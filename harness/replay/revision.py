"""Another revision of the project, checked out into a temporary folder."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import EnvironmentUnavailable, UsageError
from harness.files.temporary_folder import temporary_folder


@contextmanager
def checked_out(revision: str, root: Path) -> Iterator[Path]:
    """Check out a revision of the project for as long as the context lasts.

    Args:
        revision: A folder, or a revision of the git repository that `root` is in.
        root: The project's root.

    Yields:
        The project's root in that revision.

    Raises:
        UsageError: It is neither a folder nor a revision.
        EnvironmentUnavailable: git is not installed.
    """
    if Path(revision).is_dir():
        yield Path(revision).resolve()
        return
    git = shutil.which("git")
    if git is None:
        raise EnvironmentUnavailable("--against with a revision needs git, which is not installed.")
    top = _git(git, root, "rev-parse", "--show-toplevel")
    if top.returncode:
        raise UsageError(f"--against {revision}: there is no such folder, and {root} is not in a git repository.")
    here = Path(top.stdout.strip())
    with temporary_folder() as folder:
        archive = folder / "revision.tar"
        made = _git(git, here, "archive", f"--output={archive}", revision)
        if made.returncode:
            raise UsageError(
                f"--against {revision}: there is neither such a folder nor such a git revision "
                f"({made.stderr.strip().splitlines()[0]})."
            )
        shutil.unpack_archive(archive, folder, filter="data")
        yield folder / root.resolve().relative_to(here.resolve())


def _git(git: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([git, *arguments], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
