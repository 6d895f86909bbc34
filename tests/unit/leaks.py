"""Secrets in files, however they are written: as text, escaped, in base64, compressed, and within each other."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

_BASE64 = re.compile(rb"[A-Za-z0-9+/]{12,}={0,2}")
_URLSAFE = re.compile(rb"[A-Za-z0-9_\-]{12,}={0,2}")

DEPTH = 4

MANY = 100
"""For more secrets than this, fewer forms are looked for."""


def leaks_in(content: bytes, secrets: Iterable[str]) -> set[str]:
    """The secrets that can be found in some bytes."""
    wanted, everything = list(secrets), b"\n".join(_layers(content, DEPTH))
    if len(wanted) > MANY and os.path.commonprefix(wanted).encode() not in everything:  # noqa: RUF071 - no paths
        return set()
    return {secret for secret in wanted if any(form in everything for form in _forms(secret, wanted))}


def leaks(folder: Path, secrets: Iterable[str]) -> dict[str, set[str]]:
    """The secrets that can be found in the files of a folder, and in their names."""
    wanted = list(secrets)
    found = {}
    for file in sorted(folder.rglob("*")):
        name = str(file.relative_to(folder))
        seen = leaks_in(name.encode(errors="surrogateescape"), wanted)
        if file.is_file():
            seen |= leaks_in(file.read_bytes(), wanted)
        if seen:
            found[name] = seen
    return found


def _forms(secret: str, among: Sequence[str]) -> set[bytes]:
    raw = secret.encode()
    if len(among) > MANY:
        # Their base64 has been decoded.
        return {raw, json.dumps(secret)[1:-1].encode()}
    aligned = {
        base64.b64encode(b"x" * shift + raw)[(0, 2, 3)[shift] : len(base64.b64encode(b"x" * shift + raw)) - 4]
        for shift in range(3)
    }
    return {
        raw,
        json.dumps(secret)[1:-1].encode(),
        json.dumps(json.dumps(secret)[1:-1])[1:-1].encode(),
        quote(secret, safe="").encode(),
        *(one for one in aligned if len(one) >= 8),
    }


def _layers(content: bytes, depth: int) -> Iterator[bytes]:
    yield content
    if not depth:
        return
    for unpack in (gzip.decompress, zlib.decompress):
        with suppress(OSError, EOFError, zlib.error):
            yield from _layers(unpack(content), depth - 1)
    for form in (_BASE64, _URLSAFE):
        for found in set(form.findall(content)):
            for decode in (base64.b64decode, base64.urlsafe_b64decode):
                try:
                    inner = decode(found + b"=" * (-len(found.rstrip(b"=")) % 4) if b"=" not in found else found)
                except (binascii.Error, ValueError):
                    continue
                if inner != found:
                    yield from _layers(inner, depth - 1 if len(inner) > 64 else 0)
