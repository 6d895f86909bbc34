"""Makes the example of a list the only page: what was created is all there is, and an application that pages ends."""

from __future__ import annotations

from typing import Any

from harness.contracts.examples import ExampleFinder
from harness.contracts.names import words
from harness.contracts.schemas import Schemas, types_of

MORE = frozenset({"hasmore", "more", "hasnext", "hasnextpage", "truncated", "istruncated"})
"""Properties that say whether there is another page."""

TOTALS = frozenset({"total", "count", "totalcount", "totalitems", "totalresults", "totalelements", "size"})
"""Properties that say how many there are."""

LIMITS = frozenset({"maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum", "const"})


def last_page(schema: Any, body: dict[str, Any], schemas: Schemas, examples: ExampleFinder) -> dict[str, Any]:
    """Return a list's example without a further page, as far as the schema allows.

    Args:
        schema: Of the answer that holds the list.
        body: Its example.
        schemas: The schemas.
        examples: Which tells what is valid.
    """
    made = dict(body)
    for name in body:
        key = "".join(words(name))
        changed = dict(made)
        if key in MORE and made[name] is True:
            changed[name] = False
        elif words(name)[:1] == ["next"]:
            nullable = "null" in types_of(schemas.flat(schemas.properties(schema).get(name)))
            changed = {**made, name: None} if nullable else {one: made[one] for one in made if one != name}
        if changed != made and examples.valid(schema, changed):
            made = changed
    return made


def total_of(schema: Any, schemas: Schemas) -> str:
    """Return the property of a list's answer that says how many there are; "" for none."""
    for name, inner in schemas.properties(schema).items():
        flat = schemas.flat(inner)
        limits = {
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "enum",
            "const",
        } & flat.keys()
        if "".join(words(name)) in TOTALS and "integer" in types_of(flat) and (not limits or flat.get("minimum") == 0):
            return name if limits <= {"minimum"} else ""
    return ""
