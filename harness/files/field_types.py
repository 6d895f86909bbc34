"""Says which fields of a declaration have a value of another type than the declaration says.

Declarations are dataclasses, and Python does not look at their annotations. A fault on a fake where an operation
belongs would otherwise arm nothing, or break in the middle of a run.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Collection as AnyCollection
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

CUT = 120
"""How long a value may be in a message."""


def wrong_types(value: object, *, but: AnyCollection[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield each field of a dataclass whose value is not of its declared type, with one sentence that says so.

    Args:
        value: The dataclass.
        but: Fields that are left out.
    """
    if isinstance(value, type) or not is_dataclass(value):
        return
    kind: Any = type(value)
    hints = _hints(kind)
    for one in fields(value):
        given = getattr(value, one.name)
        if one.name in hints and one.name not in but and not _fits(given, hints[one.name]):
            shown = repr(given)
            cut = shown if len(shown) <= CUT else f"{shown[:CUT]}..."
            yield one.name, f"{type(value).__name__}: {one.name} must be {_words(hints[one.name])}, got {cut}."


@cache
def _hints(kind: Any) -> dict[str, Any]:
    try:
        return get_type_hints(kind)
    except NameError:  # a name that only a type checker imports
        return {}


def _fits(value: object, hint: Any) -> bool:  # noqa: C901, PLR0911 - one line for each form of an annotation
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is None or hint is types.NoneType:
        return value is None
    if origin in {Union, types.UnionType}:
        return any(_fits(value, one) for one in arguments)
    if origin is Annotated:
        return _fits(value, arguments[0])
    if origin is Literal:
        return value in arguments
    if origin is type:
        wanted = arguments[0]
        return isinstance(value, type) and (not isinstance(wanted, type) or issubclass(value, wanted))
    if origin is Callable or hint is Callable:
        return callable(value)
    if isinstance(origin, type):
        return _holds(value, origin, arguments)
    if not isinstance(hint, type) or isinstance(hint, TypeVar):
        return True
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, type) and hint is not type and not issubclass(type(value), hint):
        return False
    try:
        # A class has the methods of a contract, but no instance to call them on.
        return isinstance(value, hint) and (hint in {object, type} or not inspect.isclass(value))
    except TypeError:  # a protocol that cannot be asked for
        return True


def _holds(value: object, origin: type, arguments: tuple[Any, ...]) -> bool:
    """Whether a value is a collection of such values. A list does for a tuple, and the other way round."""
    if issubclass(origin, Mapping):
        return isinstance(value, Mapping) and (
            not arguments or all(_fits(one, arguments[-1]) for one in value.values())
        )
    if issubclass(origin, AnyCollection):
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, AnyCollection):
            return False
        return not arguments or all(_fits(one, arguments[0]) for one in value)
    try:
        return isinstance(value, origin)
    except TypeError:
        return True


def _words(hint: Any) -> str:
    """Return an annotation as a person would say it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return " or ".join(_words(one) for one in arguments)
    if hint is types.NoneType:
        return "None"
    if origin is type:
        return f"a subclass of {_words(arguments[0])}"
    if origin is Callable or hint is Callable:
        return "a function"
    if isinstance(origin, type) and issubclass(origin, AnyCollection) and not issubclass(origin, Mapping) and arguments:
        return f"a list, each item {_words(arguments[0])}"
    name = str(getattr(origin or hint, "__name__", hint))
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"
