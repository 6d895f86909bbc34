"""A host that was not reached is named: as the likely reason, or as a note of a run that passed without it."""

from __future__ import annotations

from harness import Verdict
from harness.evidence.host_events import CertificateRefused, HostRefused
from harness.fixed_hosts.findings import not_reached
from tests.unit.builders import evidence

REFUSED = HostRefused(host="api.other.example", port=443)
PINNED = CertificateRefused(host="api.pay.example", why="refused the run's certificate with the TLS alert 'unknown ca'")


def test_each_host_is_named_once() -> None:
    """However often it was called."""
    findings = [*not_reached(evidence(REFUSED, REFUSED, PINNED, PINNED), Verdict.FAILED)]

    assert [one.subject for one in findings] == ["api.other.example", "api.pay.example"]
    assert findings[0].title.startswith("the application called api.other.example, which no fake of this scenario has")
    assert findings[1].title == (
        "a client of api.pay.example refused the run's certificate with the TLS alert 'unknown ca'. "
        "It pins one, or does not read SSL_CERT_FILE; see docs/how-to/fake-a-fixed-host.md."
    )


def test_a_run_that_passes_without_a_host_has_passed() -> None:
    """A run that does not proves nothing: the host may be the reason."""
    told = evidence(REFUSED)

    assert [one.verdict for one in not_reached(told, Verdict.PASSED)] == [Verdict.PASSED]
    assert [one.verdict for one in not_reached(told, Verdict.FAILED)] == [Verdict.INCONCLUSIVE]
    assert not [*not_reached(evidence(), Verdict.FAILED)]
