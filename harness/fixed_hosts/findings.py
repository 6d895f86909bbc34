"""Says which hosts the application did not reach, since no fake has them or a client refused the certificate."""

from __future__ import annotations

from collections.abc import Iterator

from harness.evidence.evidence import Evidence
from harness.evidence.host_events import CertificateRefused, HostRefused
from harness.verdict import Finding, Harm, Verdict

HOSTS = "hosts"
"""The name of the rule that the application calls no other hosts than those of fakes."""

HOW_TO = "docs/how-to/fake-a-fixed-host.md"


def not_reached(evidence: Evidence, verdict: Verdict) -> Iterator[Finding]:
    """Yield a finding for each host.

    An application that does as it should without that host, such as one of metrics, has passed: it is then only
    reported. Otherwise the host may be the reason, and the run proves nothing.

    Args:
        evidence: Of the run.
        verdict: The verdict without these findings.
    """
    known = Verdict.PASSED if verdict is Verdict.PASSED else Verdict.INCONCLUSIVE
    for host in dict.fromkeys(one.host for one in evidence.of(HostRefused)):
        yield _finding(
            known,
            host,
            f"the application called {host}, which no fake of this scenario has: it was refused, and not reached. "
            "Name it in `hosts` of a fake.",
        )
    for host, why in dict.fromkeys((one.host, one.why) for one in evidence.of(CertificateRefused)):
        yield _finding(
            known,
            host,
            f"a client of {host} {why}. It pins one, or does not read SSL_CERT_FILE; see {HOW_TO}.",
        )


def _finding(verdict: Verdict, host: str, title: str) -> Finding:
    return Finding(oracle=HOSTS, verdict=verdict, harm=Harm.HARNESS, title=title, subject=host)
