"""The key of this user's run folders: random, made when it is first needed, and kept outside of every project.

It is the same for all run folders, so that findings have the same text in every session, and `harness judge` can
compare what a scenario expects with what was redacted.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

VARIABLE = "HARNESS_REDACT_KEY"
"""The environment variable that names the file of the key."""

LENGTH = 32


def key_file() -> Path:
    """Return where the key of this user's run folders is.

    Raises:
        RuntimeError: The user has no home.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    state = os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser()
    return Path(state) / "temporal-resilience-harness" / "redact.key"


def own_key() -> bytes:
    """Return the key of this user's run folders; one for this process only where none can be kept."""
    try:
        return kept_key(key_file())
    except (OSError, ValueError, RuntimeError):
        return secrets.token_bytes(LENGTH)


def kept_key(file: Path) -> bytes:
    """Return the key in a file, which is made with a random one if it is not there; only its owner may read it.

    Raises:
        OSError: It can be neither read nor made.
        ValueError: It holds no key.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        # Beside it first, so that nobody reads half a key.
        beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        if not file.exists():
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
                new.write(secrets.token_hex(LENGTH) + "\n")
            try:
                os.link(beside, file)
            finally:
                beside.unlink()
    key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    if len(key) < LENGTH // 2:
        raise ValueError(f"{file} holds a key of {len(key)} bytes; at least {LENGTH // 2} are needed")
    return key
