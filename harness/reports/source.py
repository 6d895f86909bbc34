"""The line of the application that a finding or a failure points to."""

from __future__ import annotations

from harness.files.places import Place, own_places
from harness.reports.text import DETAIL
from harness.results import Result
from harness.verdict import Finding, Harm


def place_of(result: Result, finding: Finding) -> Place | None:
    """Return the innermost line of the application that a finding names, if any.

    For a wrong outcome that is otherwise the line that raised the workflow's failure.
    """
    texts = [f"{finding.title}\n{finding.detail}"]
    failure = result.evidence.outcome.failure
    if finding.harm is Harm.OUTCOME and failure is not None:
        texts += [link.stack_trace for link in failure.chain()]
    for text in texts:
        if own := own_places(text[-DETAIL:]):
            return own[-1]
    return None
