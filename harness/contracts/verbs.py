"""The verbs that services have, and which undo which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.contracts.names import singular, words

UNDOES: dict[str, frozenset[str]] = {
    "create": frozenset({"delete", "remove", "destroy", "cancel", "drop", "void", "archive", "close"}),
    "add": frozenset({"remove", "delete"}),
    "make": frozenset({"cancel", "delete"}),
    "insert": frozenset({"delete", "remove"}),
    "new": frozenset({"delete", "remove", "cancel"}),
    "book": frozenset({"cancel", "unbook", "release"}),
    "reserve": frozenset({"release", "cancel", "unreserve"}),
    "hold": frozenset({"release", "cancel"}),
    "charge": frozenset({"refund", "void", "reverse"}),
    "pay": frozenset({"refund", "void", "reverse"}),
    "authorize": frozenset({"void", "release", "reverse", "cancel"}),
    "open": frozenset({"close"}),
    "start": frozenset({"stop", "cancel", "abort", "terminate"}),
    "launch": frozenset({"terminate", "stop"}),
    "run": frozenset({"stop", "terminate"}),
    "register": frozenset({"unregister", "deregister", "delete"}),
    "subscribe": frozenset({"unsubscribe"}),
    "attach": frozenset({"detach"}),
    "lock": frozenset({"unlock"}),
    "grant": frozenset({"revoke"}),
    "issue": frozenset({"revoke", "cancel"}),
    "assign": frozenset({"unassign"}),
    "allocate": frozenset({"release", "deallocate", "free"}),
    "provision": frozenset({"deprovision", "terminate"}),
    "schedule": frozenset({"unschedule", "cancel"}),
    "place": frozenset({"cancel"}),
    "submit": frozenset({"cancel", "withdraw"}),
    "send": frozenset({"recall"}),
    "publish": frozenset({"unpublish"}),
    "enroll": frozenset({"unenroll", "withdraw"}),
    "install": frozenset({"uninstall"}),
    "upload": frozenset({"delete", "remove"}),
}
"""Verbs that undo what a verb does."""

UNDOING = frozenset().union(*UNDOES.values()) | {
    *("cancellation", "refunds", "voids", "reversal", "reversals", "cancellations", "cancelation", "undo", "rollback"),
    *("deactivate", "expire"),
}
"""What the last part of a path is called that undoes what comes before it."""

READING = frozenset(
    {
        *("get", "list", "read", "search", "find", "query", "fetch", "describe", "lookup", "count", "show", "retrieve"),
        *("check", "info", "export", "estimate", "calculate", "validate", "preview"),
    }
)
"""Verbs that change nothing."""

CHANGING = frozenset({"update", "change", "modify", "edit", "set", "patch"})
"""Verbs that change what is there."""

VERBS = frozenset({*UNDOES, *UNDOING, *READING, *CHANGING})
"""All of them."""


def verb_of(path: str, name: str) -> tuple[str, str]:
    """Return verb and noun of an operation: of its path's last part, where that has a verb, else of its name.

    Args:
        path: The path, such as "/users.create".
        name: The name of its method, such as "create_user".

    Returns:
        Both in lower case, the noun for one of several; "" twice for none.
    """
    parts = [part for part in path.split("/") if part and "{" not in part]
    for text in _texts(parts, name):
        spoken = words(text)
        for at in (0, -1):
            if len(spoken) > 1 and spoken[at] in VERBS:
                rest = spoken[1:] if at == 0 else spoken[:-1]
                return spoken[at], singular("".join(rest))
    return "", ""


def _texts(parts: Sequence[str], name: str) -> Iterator[str]:
    if parts:
        yield parts[-1]
    if parts[1:]:
        yield " ".join(parts[-2:])
    yield name
