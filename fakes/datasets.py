"""A database of data sets, as large as their names say."""

from __future__ import annotations

import base64
import random
import re

from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Datasets(FakeService):
    """Returns data sets with 1 kB per record: those of `sales-200` are similar, those of `noise-200` are not."""

    @operation("GET /datasets/{key}")
    async def fetch(self, call: Call) -> Reply:
        """Return the records of a data set, the same each time; 404 for a name that says no number of them."""
        named = re.fullmatch(r"(sales|noise)-(\d{1,6})", call.key or "")
        if named is None:
            text = f"there is no data set {call.key!r}; there are such as 'sales-200' and 'noise-200'"
            return Reply(status=404, body={"error": text})
        kind, size = named.groups()
        return Reply(body={"records": [_record(kind, number) for number in range(int(size))]})


def _record(kind: str, number: int) -> dict[str, str | int]:
    if kind == "noise":
        says = base64.b64encode(random.Random(number).randbytes(750)).decode()  # noqa: S311 - the same each time
    else:
        says = 40 * "Sold over the counter. Was"
    return {"number": number, "cents": 100 + number % 7, "says": says[:1000]}
