"""What happened at the forward proxy of a run whose fakes stand in for hosts."""

from __future__ import annotations

from dataclasses import dataclass

from harness.events import Event


@dataclass(frozen=True, kw_only=True)
class HostRefused(Event):
    """The application called a host that no fake of the scenario stands in for; it was refused, and not reached."""

    host: str
    port: int


@dataclass(frozen=True, kw_only=True)
class CertificateRefused(Event):
    """A client refused the certificate with which a fake stands in for a host.

    Attributes:
        why: What the client did.
    """

    host: str
    why: str
