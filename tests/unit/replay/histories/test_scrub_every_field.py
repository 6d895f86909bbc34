"""No field of any event is forgotten, and nothing that was scrubbed can be found."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from temporalio.api.history.v1 import HistoryEvent

from harness.redaction.rules import RedactRules
from harness.redaction.tokens import SCRUBBED, Tokens
from harness.replay.histories.corpus import Corpus, entry_of
from harness.replay.histories.fields import FIELDS, undecided
from harness.replay.histories.scrub import Scrub
from tests.unit.leaks import leaks, leaks_in
from tests.unit.replay.every_field import Planted, kinds

KEY = b"k" * 32


def _content(events: list[HistoryEvent]) -> bytes:
    return b"".join(one.SerializeToString() for one in events)


def test_every_field_is_decided() -> None:
    """A newer API may add one that holds a secret: it is kept, removed, or replaced, and somebody says which."""
    assert list(undecided()) == []


def test_every_event_type_is_planted() -> None:
    """So the tests below miss no field of any."""
    planted = Planted()

    planted_names = {part for where in (*planted.hidden, *planted.kept) for part in where.partition("#")[0].split(".")}
    decided = {one for row in FIELDS.values() for one in row} - {"metadata", "payloads", "normal_name"}
    assert len(planted.hidden) > 500
    assert leaks_in(_content(planted.events), planted.hidden.values()) == set(planted.hidden.values())
    # The lowest SDK that is allowed has 57 event types, and lacks some fields of newer ones.
    assert len(kinds()) >= 57
    assert decided <= planted_names or len(kinds()) < 59


def test_all_leaves_nothing() -> None:
    """Only what a replay compares is left, and that is as it was."""
    planted = Planted()
    scrub = Scrub.read(["all"])
    assert scrub is not None
    scrub.apply(planted.events)

    content = _content(planted.events)
    found = leaks_in(content, planted.hidden.values())
    assert {where for where, secret in planted.hidden.items() if secret in found} == set()
    assert leaks_in(content, planted.kept.values()) == set(planted.kept.values())


@pytest.mark.parametrize("rule", ["field=note", "type=*"])
def test_a_field_is_taken_out_of_every_event(rule: str) -> None:
    """Of payloads, memos, search attributes, headers, markers, user metadata and encoded attributes alike."""
    planted = Planted(words=lambda secret: f"note: {secret}" if rule == "type=*" else "nothing")
    scrub = Scrub.read([rule])
    assert scrub is not None
    scrub.apply(planted.events)

    found = leaks_in(_content(planted.events), planted.hidden.values())
    assert {where for where, secret in planted.hidden.items() if secret in found} == set()


@pytest.mark.parametrize("removes", [True, False], ids=["scrubbed", "recorded"])
def test_the_projects_rules_are_in_force_everywhere(*, removes: bool) -> None:
    """Also where nothing is scrubbed: what has the name of a secret is replaced in every field."""
    planted = Planted(named="api_key", words=lambda secret: f"it said api_key={secret}!")
    Scrub(removes=removes).apply(planted.events)

    found = leaks_in(_content(planted.events), planted.hidden.values())
    left = {where for where, secret in planted.hidden.items() if secret in found}
    # Identities, stack traces and links are the server's or the harness's words: without --scrub they are as they were.
    assert left if not removes else not left
    assert all(where.partition("#")[0].split(".")[-1] in _REMOVED for where in left)


_REMOVED = {
    "identity",
    "stack_trace",
    "request_id",
    "attached_request_id",
    "control",
    "url",
    "data",
    "namespace",
    "workflow_id",
    "activity_id",
    "operation_id",
    "run_id",
    "job_id",
    "component_path",
    "business_id",
    "name",
    "type",
}


def test_a_secret_that_is_met_late_is_taken_out_early() -> None:
    """The message of a failure may say what only a later payload names."""
    planted = Planted()
    failed = next(one for one in planted.events if one.HasField("workflow_task_failed_event_attributes"))
    failed.workflow_task_failed_event_attributes.failure.message = "wrong: hunter2hunter2"
    started = planted.events[-1]
    started.user_metadata.summary.data = json.dumps({"password": "hunter2hunter2"}).encode()
    Scrub(removes=False).apply(planted.events)

    assert leaks_in(_content(planted.events), ["hunter2hunter2"]) == set()


def test_nothing_can_be_looked_up(tmp_path: Path) -> None:
    """Equal values are equal in one corpus; with another key they are others, so no list of card numbers helps."""
    first, second = (Scrub(everything=True, tokens=Tokens(key, mark=SCRUBBED, numbers=1)) for key in (KEY, b"x" * 32))
    contents = []
    for scrub in (first, first, second):
        planted = Planted()
        scrub.apply(planted.events)
        contents.append(_content(planted.events))

    assert contents[0] == contents[1] != contents[2]
    assert first.tokens.key_id != second.tokens.key_id
    assert KEY.hex().encode() not in contents[0]
    assert tmp_path.exists()


def test_a_corpus_holds_no_secret(tmp_path: Path) -> None:
    """Neither its files, unpacked and decoded, nor its index."""
    planted = Planted(named="password", words=lambda secret: f"password={secret}")
    scrub = Scrub.read(["all"])
    assert scrub is not None
    scrub.apply(planted.events)
    corpus = Corpus(tmp_path)
    corpus.add(planted.events, entry_of(planted.events, workflow_id="w", run_id="r", namespace="n", revision=""))
    corpus.save()

    assert leaks(tmp_path, planted.hidden.values()) == {}
    assert any(secret in str(leaks(tmp_path, planted.kept.values())) for secret in planted.kept.values())


def test_own_rules_find_what_the_defaults_do_not() -> None:
    """By name and by pattern; and the defaults can be left out."""
    rules = RedactRules(names=("customer-*",), patterns=(r"cus_(\w+)",), defaults=False, keep=("customer-kind",))
    planted = Planted(named="Customer_Id", words=lambda secret: secret)
    event = planted.events[0]
    event.workflow_execution_started_event_attributes.input.payloads[0].data = json.dumps(
        {"customerKind": "gold", "said": "cus_12345 paid", "password": "open"}
    ).encode()
    Scrub(rules=rules, tokens=Tokens(KEY, mark=SCRUBBED, numbers=1)).apply(planted.events)

    said = json.loads(event.workflow_execution_started_event_attributes.input.payloads[0].data)
    assert (said["customerKind"], said["password"]) == ("gold", "open")
    assert said["said"].startswith("cus_scrubbed:")
    assert base64.b64encode(b"12345") not in _content(planted.events)
