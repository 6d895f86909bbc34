"""Each operator writes its bug, and leaves alone what only looks alike."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from harness.mutate.mutants import mutants_of, operators

EXAMPLES: dict[str, list[tuple[str, list[str]]]] = {
    "attempts_one_off": [
        (
            "RetryPolicy(maximum_attempts=3)",
            ["RetryPolicy(maximum_attempts=3 + 1)", "RetryPolicy(maximum_attempts=max(1, 3 - 1))"],
        ),
        ("RetryPolicy(maximum_attempts=1)", ["RetryPolicy(maximum_attempts=1 + 1)"]),
    ],
    "attempts_unbounded": [("RetryPolicy(maximum_attempts=3)", ["RetryPolicy()"])],
    "back_off_dropped": [
        (
            "RetryPolicy(initial_interval=first)",
            ["RetryPolicy(initial_interval=first, backoff_coefficient=1.0)", "RetryPolicy()"],
        ),
        ("RetryPolicy(backoff_coefficient=3.0)", ["RetryPolicy(backoff_coefficient=1.0)"]),
        ("RetryPolicy(backoff_coefficient=1.0)", []),
        ("RetryPolicy(initial_interval=first, maximum_attempts=1)", []),
        (
            "RetryPolicy(initial_interval=timedelta(seconds=1))",
            ["RetryPolicy(initial_interval=timedelta(seconds=1), backoff_coefficient=1.0)"],
        ),
    ],
    "checksum_not_compared": [
        ("if digest != known:\n    raise Damaged", ["pass"]),
        ("if amount < 0:\n    raise Invalid", []),
    ],
    "compensation_after_call": [
        (
            "undo.append(cancel)\nawait book()",
            ["await book()\nundo.append(cancel)"],
        ),
        ("names.append(name)\nawait book()", []),
    ],
    "compensation_dropped": [
        ("saga.add_compensation(cancel)\nawait book()", ["pass\nawait book()"]),
        ("await self._compensate()", ["pass"]),
        ("late = await self._undo_all() or gone", ["late = None or gone"]),
        ("await self._book()", []),
    ],
    "compensation_out_of_order": [
        ("step = self._undo.pop()", ["step = self._undo.pop(0)"]),
        ("for step in reversed(done):\n    undo(step)", ["for step in list(done):\n    undo(step)"]),
        ("for step in done[::-1]:\n    undo(step)", ["for step in done:\n    undo(step)"]),
        ("step = self._waiting.pop()", []),
    ],
    "compensation_stops_at_failure": [
        (
            "while steps:\n    try:\n        await undo()\n    except Failed:\n        keep()",
            ["while steps:\n    try:\n        await undo()\n    except Failed:\n        keep()\n        raise"],
        ),
        ("try:\n    await undo(step)\nexcept Failed:\n    failed.append(step)", []),
    ],
    "condition_negated": [
        ("if late:\n    stop()", ["if not (late):\n    stop()"]),
        ("return a if late else b", ["return a if not (late) else b"]),
        ("while True:\n    go()", []),
    ],
    "constant_one_off": [("wait(5)", ["wait(6)", "wait(4)"]), ("wait(0)", ["wait(1)"])],
    "error_type_lost": [("ApplicationError(text, type='Declined')", ["ApplicationError(text)"])],
    "except_narrowed": [
        (
            "try:\n    work()\nexcept (A, B):\n    pass",
            ["try:\n    work()\nexcept B:\n    pass", "try:\n    work()\nexcept A:\n    pass"],
        ),
        ("try:\n    work()\nexcept A:\n    pass", ["try:\n    work()\nexcept ():\n    pass"]),
        (
            "try:\n    await workflow.execute_activity(a)\nexcept (ActivityError, CancelledError):\n    pass",
            ["try:\n    await workflow.execute_activity(a)\nexcept CancelledError:\n    pass"],
        ),
    ],
    "except_swallows": [
        ("try:\n    work()\nexcept A:\n    raise", ["try:\n    work()\nexcept A:\n    pass"]),
        ("raise A", []),
    ],
    "except_widened": [
        ("try:\n    await work()\nexcept A:\n    pass", ["try:\n    await work()\nexcept BaseException:\n    pass"]),
        ("try:\n    await work()\nexcept BaseException:\n    pass", []),
        ("try:\n    work()\nexcept A:\n    pass", []),
        ("try:\n    await workflow.execute_activity(work)\nexcept ActivityError:\n    pass", []),
        (
            "try:\n    await self.work()\nexcept ActivityError:\n    pass",
            ["try:\n    await self.work()\nexcept BaseException:\n    pass"],
        ),
        (
            "try:\n    await work()\nexcept A as error:\n    if is_cancelled_exception(error):\n        raise",
            [],
        ),
    ],
    "fallback_order": [("for one in (first, second):\n    ask(one)", ["for one in (second, first):\n    ask(one)"])],
    "handlers_not_awaited": [
        ("await workflow.wait_condition(workflow.all_handlers_finished)", ["pass"]),
        ("await workflow.wait_condition(lambda: self._done)", []),
    ],
    "heartbeat_before_effect": [
        ("await store(item)\nactivity.heartbeat(item)", ["activity.heartbeat(item)\nawait store(item)"]),
        ("count += 1\nactivity.heartbeat(count)", []),
    ],
    "heartbeat_details_ignored": [
        ("details = activity.info().heartbeat_details", ["details = ()"]),
    ],
    "heartbeat_dropped": [("activity.heartbeat(item)", ["pass"])],
    "key_per_attempt": [
        (
            "from temporalio import activity\npost(headers={'Idempotency-Key': step.key})",
            [
                "from temporalio import activity\n"  # noqa: ISC004 - one text
                """post(headers={'Idempotency-Key': f"{step.key}-"""
                """{__import__('temporalio.activity').activity.info().attempt}"})"""
            ],
        ),
        ("from temporalio import workflow\nTake(key=known)", []),
    ],
    "key_per_run": [
        ("Take(key=workflow.info().workflow_id)", ["Take(key=workflow.info().run_id)"]),
        ("Take(trip=workflow.info().workflow_id)", []),
    ],
    "key_random": [("Take(key=known)", ["Take(key=str(workflow.uuid4()))"]), ("Take(item=known)", [])],
    "limit_dropped": [
        ("async with self._semaphore:\n    await call()", ["await call()"]),
        ("async with client:\n    await call()", []),
    ],
    "limit_one_off": [("asyncio.Semaphore(size)", ["asyncio.Semaphore(size + 1)"])],
    "machine_clock": [("workflow.time()", ["__import__('time').time()"]), ("time.time()", [])],
    "machine_random": [("workflow.uuid4()", ["__import__('uuid').uuid4()"])],
    "non_retryable_added": [
        ("ApplicationError(text)", ["ApplicationError(text, non_retryable=True)"]),
        ("ApplicationError(text, non_retryable=True)", []),
        ("@workflow.defn\nclass Book:\n    async def run(self):\n        raise ApplicationError(text)", []),
    ],
    "non_retryable_dropped": [
        ("ApplicationError(text, non_retryable=True)", ["ApplicationError(text)"]),
        ("RetryPolicy(non_retryable_error_types=['A'])", ["RetryPolicy()"]),
        ("ApplicationError(text, non_retryable=False)", []),
    ],
    "not_awaited": [
        ("await workflow.execute_activity(charge)", ["workflow.start_activity(charge)"]),
        ("await workflow.execute_child_workflow(Ship)", ["await workflow.start_child_workflow(Ship)"]),
        ("import asyncio\nawait self._book()", ["import asyncio\nasyncio.ensure_future(self._book())"]),
        ("await asyncio.sleep(1)", []),
    ],
    "not_shielded": [("await asyncio.shield(undoing)", ["await undoing"])],
    "order_of_a_set": [("for one in sorted(found):\n    work(one)", ["for one in list(found):\n    work(one)"])],
    "patch_missing": [
        (
            "if workflow.patched('fees'):\n    charge()",
            ["if True:\n    charge()", "if False:\n    charge()"],
        )
    ],
    "policy_swapped": [
        (
            "ParentClosePolicy.ABANDON",
            ["ParentClosePolicy.TERMINATE", "ParentClosePolicy.REQUEST_CANCEL"],
        ),
        ("Status.ABANDON", []),
    ],
    "resumed_one_off": [("start = info.heartbeat_details[0]", ["start = (info.heartbeat_details[0]) + 1"])],
    "retry_after_ignored": [("ApplicationError(text, next_retry_delay=wait)", ["ApplicationError(text)"])],
    "retry_policy_dropped": [("start(charge, retry_policy=patient)", ["start(charge)"])],
    "return_exceptions_flipped": [
        ("asyncio.gather(a, b)", ["asyncio.gather(a, b, return_exceptions=True)"]),
        ("asyncio.gather(*all, return_exceptions=True)", ["asyncio.gather(*all, return_exceptions=False)"]),
    ],
    "sleep_dropped": [("await workflow.sleep(pause)", ["pass"])],
    "statement_deleted": [
        ("self.count += 1", ["pass"]),
        ("self.done = True", ["pass"]),
        ("count = 1", []),
        ("'A docstring.'", []),
    ],
    "state_not_carried": [
        (
            "workflow.continue_as_new(State(done=done, total=total))",
            ["workflow.continue_as_new(State(total=total))", "workflow.continue_as_new(State(done=done))"],
        ),
    ],
    "threshold_one_off": [("count < limit", ["count <= limit"]), ("count == limit", [])],
    "timeout_dropped": [
        ("call(start_to_close_timeout=a, heartbeat_timeout=b)", ["call(start_to_close_timeout=a)"]),
        (
            "call(start_to_close_timeout=a, schedule_to_close_timeout=b)",
            ["call(schedule_to_close_timeout=b)", "call(start_to_close_timeout=a)"],
        ),
        ("client.post(url, timeout=5)", ["client.post(url)"]),
    ],
    "timeout_far_too_long": [("call(heartbeat_timeout=beat)", ["call(heartbeat_timeout=beat * 1000)"])],
    "timeout_swapped": [
        ("call(start_to_close_timeout=a)", ["call(schedule_to_close_timeout=a)"]),
        (
            "call(start_to_close_timeout=a, schedule_to_close_timeout=b)",
            ["call(start_to_close_timeout=b, schedule_to_close_timeout=a)"],
        ),
    ],
    "validation_dropped": [
        ("if amount < 0:\n    raise Invalid", ["pass"]),
        ("if amount < 0:\n    raise Invalid\nelse:\n    pay()", []),
    ],
    "wait_dropped": [
        (
            "await workflow.wait_condition(lambda: self._approved)\nawait pay()",
            ["pass\nawait pay()", "await pay()\nawait workflow.wait_condition(lambda: self._approved)"],
        ),
    ],
}


def inside_a_function(text: str) -> str:
    """Imports stay where they are; the rest is the body of a coroutine."""
    lines = text.splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    body = [f"    {line}" for line in lines if line not in imports]
    return "\n".join([*imports, "async def work():", *body, ""])


@pytest.mark.parametrize("name", operators(generic=True))
def test_every_operator_has_an_example_and_says_what_it_stands_for(name: str) -> None:
    """The bug, and what would notice it: one sentence and one phrase."""
    operator = operators(generic=True)[name]

    assert any(after for _, after in EXAMPLES[name])
    assert operator.stands_for.endswith(".")
    assert not operator.noticed_by.endswith(".")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        pytest.param(name, *one, id=f"{name}-{number}")
        for name, all_ in EXAMPLES.items()
        for number, one in enumerate(all_)
    ],
)
def test_an_operator_writes_its_bug(name: str, before: str, after: list[str]) -> None:
    """Exactly these, and nothing else of the file."""
    using = {name: operators(generic=True)[name]}

    mutants = mutants_of(Path("app.py"), inside_a_function(before), using)

    assert [one.text for one in mutants] == [inside_a_function(one) for one in after]


def test_what_changes_nothing_is_no_mutant() -> None:
    """A comment, a log line, an annotation; and of two that are the same, one."""
    text = dedent("""
        async def work(limit: int) -> None:
            workflow.logger.info("late", timeout=5)
            return sorted([1])
        """)

    assert [one.operator for one in mutants_of(Path("app.py"), text, operators())] == ["order_of_a_set"]


@pytest.mark.parametrize("name", operators(generic=True))
def test_an_operator_is_documented_in_its_own_words(name: str) -> None:
    """In the table of the reference."""
    operator = operators(generic=True)[name]
    page = (Path(__file__).parents[3] / "docs" / "reference" / "mutate.md").read_text(encoding="utf-8")

    assert f"| `{name}` | {operator.stands_for} | {operator.noticed_by} |" in page
