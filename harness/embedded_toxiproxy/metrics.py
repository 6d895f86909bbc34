"""Counters for Prometheus, added when a direction of a connection ends (TX-120, TX-121)."""

from __future__ import annotations

import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_HELP = {
    "received": "The total number of bytes received on a given proxy link in a given direction",
    "sent": "The total number of bytes sent on a given proxy link in a given direction",
}
_STARTED = time.time()


class Metrics:
    """What /metrics shows.

    Args:
        proxies: Whether bytes are counted per proxy.
        runtime: Whether figures about this process are shown.
    """

    def __init__(self, *, proxies: bool, runtime: bool) -> None:
        self.proxies = proxies
        self.runtime = runtime
        self._bytes: dict[str, dict[tuple[str, str, str, str], int]] = {
            "received": defaultdict(int),
            "sent": defaultdict(int),
        }

    @property
    def on(self) -> bool:
        """Whether there is a /metrics at all."""
        return self.proxies or self.runtime

    def count(self, what: str, labels: tuple[str, str, str, str], size: int) -> None:
        """Add bytes.

        Args:
            what: "received" or "sent".
            labels: Direction, listener, proxy, upstream.
            size: How many.
        """
        if self.proxies:
            self._bytes[what][labels] += size

    def text(self) -> str:
        """Write everything in Prometheus' text format."""
        lines: list[str] = []
        for what, series in self._bytes.items():
            if series:
                name = f"toxiproxy_proxy_{what}_bytes_total"
                lines += (f"# HELP {name} {_HELP[what]}", f"# TYPE {name} counter")
                for labels, size in sorted(series.items()):
                    pairs = zip(("direction", "listener", "proxy", "upstream"), map(_quoted, labels), strict=True)
                    lines.append(f"{name}{{{','.join(f'{key}={value}' for key, value in pairs)}}} {size}")
        if self.runtime:
            lines += _process()
        return "".join(f"{line}\n" for line in lines)


def _quoted(label: str) -> str:
    return '"' + label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n") + '"'


def _process() -> list[str]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    figures: dict[str, tuple[str, float]] = {
        "process_cpu_seconds_total": ("counter", usage.ru_utime + usage.ru_stime),
        "process_start_time_seconds": ("gauge", _STARTED),
        "process_max_resident_memory_bytes": ("gauge", usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)),
    }
    descriptors = Path("/proc/self/fd")
    if descriptors.is_dir():
        figures["process_open_fds"] = ("gauge", len(list(descriptors.iterdir())))
    lines: list[str] = []
    for name, (kind, value) in figures.items():
        lines += (f"# TYPE {name} {kind}", f"{name} {value}")
    return lines
