"""The record of a run without the secrets in it: what is written, printed and reported.

The run itself is judged before, by what really happened. What is compared afterwards, by `harness judge` for instance,
compares tokens, which are equal for equal secrets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from harness.evidence.evidence import RedactedWith
from harness.evidence.redacted import redacted_all
from harness.judge import Expectations, judge_kept
from harness.redaction.active import active
from harness.redaction.redactor import Redactor
from harness.replay.histories.scrub import Scrub
from harness.results import Result
from harness.temporal.fetched_history import FetchedHistory
from harness.verdict import Finding


def without_secrets(
    result: Result, histories: Sequence[FetchedHistory], redactor: Redactor, expectations: Expectations
) -> tuple[Result, list[FetchedHistory]]:
    """Return a result and the histories of its run without secrets; as they are, if there are none.

    Args:
        result: The result.
        histories: The histories of its evidence.
        redactor: Knows the secrets that were met during the run.
        expectations: What the run was judged by.
    """
    while True:
        # A secret that is met in the last history may have been said in the first event.
        knew = redactor.learned
        events = redacted_all(result.evidence.events, redactor)
        kept = [_history(one, redactor) for one in histories]
        if redactor.learned == knew:
            break
    findings = tuple(_finding(one, redactor) for one in result.findings)
    result = replace(result, repeat=redactor.text(result.repeat), note=redactor.text(result.note))
    if not redactor.changed:
        return result, list(histories)
    redactor.teach(active())
    how = RedactedWith(key=redactor.tokens.key_id, tokens=redactor.made)
    evidence = replace(result.evidence, events=events, histories=tuple(kept), redacted=how)
    # In the words of whoever judges the record again: they quote no secret, however short or cut.
    again = judge_kept(expectations, evidence, redactor)
    if [(one.oracle, one.verdict) for one in again] == [(one.oracle, one.verdict) for one in findings]:
        findings = tuple(_finding(one, redactor) for one in again)
    return replace(result, evidence=evidence, findings=findings, judged=result.evidence), kept


def _history(history: FetchedHistory, redactor: Redactor) -> FetchedHistory:
    decoded = history.decoded_events
    everything = (*history.fetched.events, *(decoded or ()))
    suspects = [one for one in everything if redactor.may_be_in(one.SerializeToString())]
    if _events(suspects, redactor) == suspects and not redactor.learned:
        return history
    return FetchedHistory(
        WorkflowHistory(history.workflow_id, _events(history.fetched.events, redactor)),
        None if decoded is None else _events(decoded, redactor),
    )


def _events(events: Sequence[HistoryEvent], redactor: Redactor) -> list[HistoryEvent]:
    copies = []
    for event in events:
        copies.append(HistoryEvent())
        copies[-1].CopyFrom(event)
    Scrub(removes=False).apply(copies, redactor)
    return copies


def _finding(finding: Finding, redactor: Redactor) -> Finding:
    return replace(
        finding,
        title=redactor.text(finding.title),
        detail=redactor.text(finding.detail),
        subject=redactor.text(finding.subject),
    )
