"""Changes to `every_command`, each with what must be said of it.

An outcome of "breaks" is non-determinism, "drifts" a history that replays with other commands, "same" a change that
changes no command. What only two revisions can tell is "hidden": its command is recorded without it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """One change.

    Attributes:
        of: Which history shows it.
        what: What is changed, in words.
        old: The text that goes; it stands once in the file.
        new: The text that comes.
        outcome: What must be said of it.
    """

    of: str
    what: str
    old: str
    new: str
    outcome: str


SAME, DRIFTS, BREAKS, HIDDEN = "same", "drifts", "breaks", "hidden"

MUTATIONS = [
    Mutation("Sequence", "activity input", "order.cents + 1", "order.cents + 2", DRIFTS),
    Mutation("Sequence", "input of another type", "args=[order.item, 1]", "args=[order.item, True]", DRIFTS),
    Mutation("Sequence", "an argument more", "args=[order.item, 1]", "args=[order.item, 1, 2]", DRIFTS),
    Mutation("Sequence", "start_to_close", "timedelta(seconds=10)", "timedelta(seconds=11)", DRIFTS),
    Mutation("Sequence", "schedule_to_close", "timedelta(seconds=20)", "timedelta(seconds=21)", DRIFTS),
    Mutation("Sequence", "heartbeat", "heartbeat_timeout=timedelta(seconds=9)", "heartbeat_timeout=None", DRIFTS),
    Mutation(
        "Sequence", "a timeout more", 'summary="reserve"', 'summary="reserve", schedule_to_start_timeout=QUICK', DRIFTS
    ),
    Mutation("Sequence", "attempts", "RetryPolicy(maximum_attempts=3)", "RetryPolicy(maximum_attempts=4)", DRIFTS),
    Mutation("Sequence", "no retry policy", "RetryPolicy(maximum_attempts=3)", "None", DRIFTS),
    Mutation("Sequence", "a summary", 'summary="reserve"', 'summary="reserves"', DRIFTS),
    Mutation("Sequence", "priority", "priority_key=2", "priority_key=3", DRIFTS),
    Mutation("Sequence", "task queue", 'summary="reserve"', 'summary="reserve", task_queue="elsewhere"', DRIFTS),
    Mutation("Sequence", "order of compensations", '["hotel", "car"]', '["car", "hotel"]', DRIFTS),
    Mutation("Sequence", "a compensation more", '["hotel", "car"]', '["hotel", "car", "cat"]', BREAKS),
    Mutation("Sequence", "a compensation less", '["hotel", "car"]', '["hotel"]', BREAKS),
    Mutation("Sequence", "activity type", '            "charge",', '            "charges",', BREAKS),
    Mutation("Sequence", "activity id", 'summary="reserve"', 'activity_id="mine"', BREAKS),
    Mutation("Sequence", "result", '"charged": charged}', '"charged": charged.upper()}', DRIFTS),
    Mutation(
        "Sequence", "fails at the end", 'return {"reserved"', 'raise ApplicationError("no"); return {"reserved"', BREAKS
    ),
    Mutation("Fan", "another way to count", "range(count)]", "range(0, count)]", SAME),
    Mutation(
        "Sequence",
        "the default, said",
        "RetryPolicy(maximum_attempts=3)",
        "RetryPolicy(maximum_attempts=3, backoff_coefficient=2.0)",
        SAME,
    ),
    Mutation(
        "Sequence",
        "the server's default, said",
        'summary="reserve"',
        'summary="reserve", schedule_to_close_timeout=None',
        SAME,
    ),
    Mutation(
        "Sequence",
        "a shorter heartbeat that is clipped",
        "heartbeat_timeout=timedelta(seconds=9)",
        "heartbeat_timeout=timedelta(seconds=9, microseconds=0)",
        SAME,
    ),
    Mutation("Sequence", "a log line", "reserved = await", 'workflow.logger.info("now"); reserved = await', SAME),
    Mutation("Fan", "one more", "range(count)]", "range(count + 1)]", BREAKS),
    Mutation("Fan", "inputs in another order", "range(count)]", "reversed(range(count))]", DRIFTS),
    Mutation(
        "Fan",
        "result in another order",
        "return list(await asyncio.gather(*asked))",
        "return list(await asyncio.gather(*asked))[::-1]",
        DRIFTS,
    ),
    Mutation(
        "Fan",
        "as tasks",
        "asyncio.gather(*asked)",
        "asyncio.gather(*map(asyncio.create_task, asked))",
        SAME,
    ),
    Mutation("Timers", "how long", "timedelta(milliseconds=50)", "timedelta(hours=24)", DRIFTS),
    Mutation("Timers", "how long at most", "timedelta(milliseconds=60)", "timedelta(milliseconds=61)", DRIFTS),
    Mutation("Timers", "not taken back", "        never.cancel()\n", "", BREAKS),
    Mutation("Timers", "a timer that was taken back", "workflow.sleep(3600)", "workflow.sleep(3601)", DRIFTS),
    Mutation(
        "Timers",
        "an activity instead",
        "await workflow.sleep(timedelta(milliseconds=50))",
        'await workflow.execute_activity("echo", start_to_close_timeout=QUICK)',
        BREAKS,
    ),
    Mutation(
        "Timers",
        "another way to sleep",
        "await workflow.sleep(timedelta(milliseconds=50))",
        "await asyncio.sleep(0.05)",
        SAME,
    ),
    Mutation("Talks", "what a signal's handler asks for", "args=[word, 7]", "args=[word, 8]", DRIFTS),
    Mutation("Talks", "what is signalled", 'f"from me: {len', 'f"from us: {len', DRIFTS),
    Mutation("Talks", "which signal", '.signal("say"', '.signal("tell"', DRIFTS),
    Mutation("Talks", "what an update answers", "return number + 1", "return number + 2", DRIFTS),
    Mutation("Talks", "how an update fails", 'f"no {number}"', 'f"never {number}"', DRIFTS),
    Mutation("Talks", "with which details", '{"number": number}', '{"n": number}', DRIFTS),
    Mutation(
        "Talks",
        "an update that no longer fails",
        "raise ApplicationError(f",
        "return 5\n        raise ApplicationError(f",
        DRIFTS,
    ),
    Mutation("Talks", "how long an update takes", "timedelta(milliseconds=20)", "timedelta(milliseconds=21)", DRIFTS),
    Mutation(
        "Talks",
        "an update that is never answered",
        "return number + 1",
        "await workflow.wait_condition(lambda: False)",
        BREAKS,
    ),
    Mutation("Talks", "a validator that no replay asks", "if number < 0:", "if number < 100:", SAME),
    Mutation("Parent", "child's input", 'args=["first", 1]', 'args=["First", 1]', DRIFTS),
    Mutation("Parent", "child's execution timeout", "timedelta(minutes=5)", "timedelta(minutes=6)", DRIFTS),
    Mutation(
        "Parent", "child's retry policy", "RetryPolicy(maximum_attempts=2)", "RetryPolicy(maximum_attempts=5)", DRIFTS
    ),
    Mutation("Parent", "child's memo", '{"why": "because"}', '{"why": "because not"}', DRIFTS),
    Mutation(
        "Parent", "child's parent close policy", "ParentClosePolicy.ABANDON", "ParentClosePolicy.REQUEST_CANCEL", DRIFTS
    ),
    Mutation("Parent", "child's workflow id", 'id=f"{here}-third", p', 'id=f"{here}-3", p', BREAKS),
    Mutation("Parent", "signal to a child", '"go on"', '"go off"', DRIFTS),
    Mutation("Parent", "a child that is not cancelled", "        second.cancel()\n", "", BREAKS),
    Mutation("Parent", "who is cancelled", 'handle(f"{here}-third").cancel', 'handle(f"{here}-fourth").cancel', DRIFTS),
    Mutation(
        "Parent",
        "how a cancellation is waited for",
        "ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED",
        "ChildWorkflowCancellationType.WAIT_CANCELLATION_REQUESTED",
        HIDDEN,
    ),
    Mutation("Again", "what the next life is given", "life + 1, [", "life + 2, [", DRIFTS),
    Mutation("Again", "its run timeout", "timedelta(minutes=3)", "timedelta(minutes=4)", DRIFTS),
    Mutation("Again", "ends a life early", "if life < 3:", "if life < 1:", BREAKS),
    Mutation("Again 3", "lives longer", "if life < 3:", "if life < 4:", BREAKS),
    Mutation("Local", "a local activity's input", "args=[word, 1], start", "args=[word, 2], start", HIDDEN),
    Mutation("Local", "a local activity's type", '"flaky",', '"shaky",', BREAKS),
    Mutation("Local", "a local activity's result", 'f"{first}{second}"', 'f"{first} {second}"', DRIFTS),
    Mutation(
        "Local",
        "a local activity less",
        "second = await workflow.execute_local_activity(",
        'second = "local" or await workflow.execute_local_activity(',
        BREAKS,
    ),
    Mutation("Patched", "a patch taken out", 'if workflow.patched("new-way"):', "if True:", BREAKS),
    Mutation(
        "Patched",
        "a patch on its way out",
        'if workflow.patched("new-way"):',
        'workflow.deprecate_patch("new-way")\n        if True:',
        SAME,
    ),
    Mutation("Patched", "in the patched branch", 'args=["new", 1]', 'args=["newer", 1]', DRIFTS),
    Mutation(
        "Patched",
        "one more patch",
        'return "patched"',
        'return "patched" if not workflow.patched("third") else "third"',
        SAME,
    ),
    Mutation("Cancels", "what is done when cancelled", '"undo", "all"', '"undo", "some"', DRIFTS),
    Mutation(
        "Cancels",
        "nothing is done when cancelled",
        "await asyncio.shield(workflow.execute_activity(",
        "await asyncio.shield(workflow.sleep(1) if True else workflow.execute_activity(",
        BREAKS,
    ),
    Mutation("Cancels", "input of what is cancelled", "how.name,", "how.name.lower(),", DRIFTS),
    Mutation(
        "Cancels",
        "how it is cancelled",
        "(ActivityCancellationType.TRY_CANCEL, ",
        "(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED, ",
        BREAKS,
    ),
    Mutation(
        "Cancels",
        "swallows its own cancellation",
        "        finally:\n",
        '        except asyncio.CancelledError:\n            return "swallowed"\n        finally:\n',
        BREAKS,
    ),
    Mutation("Tells", "a search attribute's value", 'value_set("begun")', 'value_set("started")', DRIFTS),
    Mutation("Tells", "a memo's value", '"step": 1', '"step": 2', DRIFTS),
    Mutation("Tells", "a memo's field", '"who": "me"', '"whom": "me"', DRIFTS),
    Mutation("Operates", "what an operation is given", '"greet", "world"', '"greet", "all"', DRIFTS),
    Mutation("Operates", "which operation", '"greet", "world"', '"scold", "world"', BREAKS),
    Mutation("Operates", "which service", 'service="Clerk"', 'service="Judge"', BREAKS),
    Mutation("Operates", "how long it may take", "timedelta(seconds=40)", "timedelta(seconds=41)", DRIFTS),
    Mutation("Operates", "its headers", '"by": "test"', '"by": "nobody"', DRIFTS),
    Mutation("Operates", "not cancelled", "        slow.cancel()\n", "", BREAKS),
    Mutation("Fails", "its message", '"it failed"', '"it has failed"', DRIFTS),
    Mutation("Fails", "its type", 'type="Broken"', 'type="Torn"', DRIFTS),
    Mutation("Fails", "its details", '{"why": why}', '{"because": why}', DRIFTS),
    Mutation("Fails", "non_retryable", "non_retryable=True", "non_retryable=False", DRIFTS),
    Mutation("Fails", "its cause", "from error", "from None", DRIFTS),
    Mutation(
        "Fails",
        "completes instead",
        'raise ApplicationError("it failed"',
        'return None\n            raise ApplicationError("it failed"',
        BREAKS,
    ),
]
