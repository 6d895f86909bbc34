"""Which argument of a workflow's run method cannot be decoded as the type that the method declares."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, get_type_hints

from temporalio.converter import DataConverter


def undecodable(method: Callable[..., Any], arguments: Sequence[Any], converter: DataConverter) -> str:
    """Return a sentence about the first argument that cannot be decoded; "" when none is found.

    Args:
        method: The run method, such as `Order.run`.
        arguments: What the workflow is started with.
        converter: The application's data converter.
    """
    try:
        hints = get_type_hints(method)
    except Exception:  # noqa: BLE001 - a forward reference that cannot be resolved: nothing can be said
        return ""
    parameters = [*inspect.signature(method).parameters.values()][1:]
    for parameter, given in zip(parameters, arguments, strict=False):
        hint = hints.get(parameter.name)
        if hint is None:
            continue
        try:
            converter.payload_converter.from_payloads(converter.payload_converter.to_payloads([given]), [hint])
        except Exception:  # noqa: BLE001 - whatever it raises, this is the argument
            declared = getattr(hint, "__name__", None) or str(hint)
            return (
                f"{method.__qualname__} declares {parameter.name}: {declared}, and is given "
                f"{type(given).__name__} {given!r:.80}."
            )
    return ""
