"""What the models of a contract have in common: JSON is taken as it is, and null only where the contract allows it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel

T = TypeVar("T")

# Expressions of contracts may look ahead and behind, which Rust's cannot.
_CONFIG = ConfigDict(regex_engine="python-re", allow_inf_nan=False)


class ContractModel(BaseModel):
    """The base of the model of a JSON object."""

    model_config = _CONFIG


class ContractRoot(RootModel[T], Generic[T]):
    """The base of the model of a body that is no JSON object."""

    model_config = _CONFIG


def _given(value: Any) -> Any:
    if value is None:
        raise ValueError("null is not allowed; leave it out instead")
    return value


def _unique(values: list[Any]) -> list[Any]:
    seen: list[Any] = []
    for one in values:
        if isinstance(one, Hashable) and any(one == other and type(one) is type(other) for other in seen):
            raise ValueError(f"{one!r} is there twice")
        seen.append(one)
    return values


# Behind, since a validator before it would take JSON for Python, where a text is no date.
Maybe = Annotated[T | None, AfterValidator(_given)]
"""A property that may be left out, but not be null."""

UNIQUE = AfterValidator(_unique)
"""Says of a list that it has nothing twice."""

Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
"""An e-mail address, as far as it can be told without sending one."""

Uri = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9+.\-]*:\S+$")]
"""A URI, as it was written."""
