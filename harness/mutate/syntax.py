"""Reads and builds pieces of a syntax tree, for the operators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

PASS = cst.SimpleStatementLine([cst.Pass()])
"""What a statement becomes that is taken out."""

CALLS = frozenset(
    {
        "workflow.execute_activity",
        "workflow.execute_activity_method",
        "workflow.execute_activity_class",
        "workflow.start_activity",
        "workflow.start_activity_method",
        "workflow.start_activity_class",
        "workflow.execute_local_activity",
        "workflow.execute_local_activity_method",
        "workflow.execute_child_workflow",
        "workflow.start_child_workflow",
    }
)
"""Calls of a workflow that start an activity or a child."""


FAILURES = frozenset({"ActivityError", "ChildWorkflowError"})
"""What a cancellation of an activity or of a child arrives as."""


def dotted(node: cst.CSTNode) -> str:
    """Return a name such as "workflow.info"; of what is called, the last attribute counts; "" for anything else."""
    match node:
        case cst.Name():
            return node.value
        case cst.Attribute():
            base = dotted(node.value)
            return f"{base}.{node.attr.value}" if base else node.attr.value
        case cst.Call():
            return dotted(node.func)
        case cst.Await():
            return dotted(node.expression)
        case _:
            return ""


def last(node: cst.CSTNode) -> str:
    """Return the last part of a dotted name."""
    return dotted(node).rpartition(".")[2]


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """Return the argument that a call passes under a name."""
    return next((one for one in call.args if one.keyword is not None and one.keyword.value == name), None)


def without(call: cst.Call, argument: cst.Arg) -> cst.Call:
    """Return the call without an argument."""
    args = [one for one in call.args if one is not argument]
    if args and argument is call.args[-1]:
        args[-1] = args[-1].with_changes(comma=call.args[-1].comma)
    return call.with_changes(args=args)


def with_value(call: cst.Call, argument: cst.Arg, value: cst.BaseExpression) -> cst.Call:
    """Return the call with another value of an argument."""
    return call.with_changes(args=[one.with_changes(value=value) if one is argument else one for one in call.args])


def with_keyword(call: cst.Call, name: str, value: cst.BaseExpression) -> cst.Call:
    """Return the call with one more argument."""
    equals = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    args = list(call.args)
    if args and isinstance(args[-1].comma, cst.MaybeSentinel):
        args[-1] = args[-1].with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
    return call.with_changes(args=[*args, cst.Arg(keyword=cst.Name(name), value=value, equal=equals)])


def expression(text: str) -> cst.BaseExpression:
    """Return source text as an expression."""
    return cst.parse_expression(text)


def source(node: cst.CSTNode) -> str:
    """Return a piece of a tree as source text."""
    return cst.Module(body=()).code_for_node(node)


def combined(node: cst.BaseExpression, after: str) -> cst.BaseExpression:
    """Return `(node) after`, such as `(node) * 2`."""
    text = source(node)
    return expression(
        f"{text}{after}" if isinstance(node, cst.Name | cst.Attribute | cst.Integer) else f"({text}){after}"
    )


def awaits(node: cst.CSTNode) -> bool:
    """Whether a piece of code awaits something."""
    return any(isinstance(one, cst.Await) for one in inside(node))


def awaited(node: cst.CSTNode) -> list[cst.BaseExpression]:
    """Return what a piece of code awaits."""
    return [one.expression for one in inside(node) if isinstance(one, cst.Await)]


def exceptions(handler: cst.ExceptHandler) -> list[str]:
    """Return the names of the exceptions that a handler handles, without their modules; [] for a bare one."""
    match handler.type:
        case None:
            return []
        case cst.Tuple(elements=elements):
            return [last(one.value) for one in elements]
        case one:
            return [last(one)]


def cancelled_as_failure(handler: cst.ExceptHandler, guarded: cst.CSTNode) -> bool:
    """Whether a cancellation arrives at a handler as the failure of an activity or a child, which it handles anyhow."""
    calls = awaited(guarded)
    return bool(FAILURES & {*exceptions(handler)}) and bool(calls) and all(dotted(one) in CALLS for one in calls)


def inside(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield a node and all below it, functions and classes defined in it excepted."""
    yield node
    for child in node.children:
        if not isinstance(child, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            yield from inside(child)


def only_expression(statement: cst.CSTNode) -> cst.BaseExpression | None:
    """Return the expression that is all of a statement, such as a call."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.Expr(value=value)]):
            return value
        case _:
            return None


def statements(block: cst.CSTNode) -> Sequence[cst.BaseStatement]:
    """Return the statements of a block of several lines, () for one in a single line."""
    return block.body if isinstance(block, cst.IndentedBlock | cst.Module) else ()


def is_docstring(statement: cst.CSTNode) -> bool:
    """Whether a statement is nothing but text."""
    return isinstance(only_expression(statement), cst.SimpleString | cst.ConcatenatedString)
