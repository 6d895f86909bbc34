"""By which words the operators recognise compensations, idempotency keys and refusals in somebody's code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around
from harness.mutate.syntax import last, only_expression, statements

COMPENSATES = re.compile(r"undo|compensat|roll_?back|revert", re.IGNORECASE)
"""How people call what takes an effect back."""

REGISTERS = frozenset({"append", "appendleft", "insert", "push", "add", "register", "add_compensation"})
"""How a list, a stack or a saga takes a compensation."""

KEYS = re.compile(r"^(idempotency[-_]?key|x-idempotency-key|request[-_]?id|dedup\w*|key)$", re.IGNORECASE)
"""How people call what a service recognises a repeated call by."""

CHECKSUMS = re.compile(r"checksum|digest|sha\d|md5|etag|crc", re.IGNORECASE)
"""How people call what damaged data are recognised by."""


def registers(node: cst.CSTNode) -> bool:
    """Whether a statement registers a compensation."""
    match only_expression(node):
        case cst.Call(func=cst.Attribute(value=into, attr=cst.Name(name))) if name in REGISTERS:
            return COMPENSATES.search(last(into)) is not None or COMPENSATES.search(name) is not None
        case _:
            return False


def keys(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """Yield the values that a node passes as idempotency keys."""
    match node:
        case cst.Arg(keyword=cst.Name(name), value=value) if KEYS.match(name):
            yield value
        case cst.DictElement(key=cst.SimpleString() as name, value=value) if KEYS.match(str(name.evaluated_value)):
            yield value
        case _:
            pass


def is_activity_code(around: Around) -> bool:
    """Whether a file is of activities: it imports their module, and not that of workflows."""
    text = around.module.code
    return re.search(r"import.*\bactivity\b", text) is not None and re.search(r"import.*\bworkflow\b", text) is None


def imports_asyncio(around: Around) -> bool:
    """Whether a file imports asyncio."""
    return re.search(r"^import asyncio$", around.module.code, re.MULTILINE) is not None


def is_refusal(node: cst.If) -> bool:
    """Whether an `if` does nothing but raise."""
    if node.orelse is not None:
        return False
    body = statements(node.body)
    return bool(body) and isinstance(body[-1], cst.SimpleStatementLine) and isinstance(body[-1].body[0], cst.Raise)
