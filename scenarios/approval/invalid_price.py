"""The purchase costs nothing: there is nothing to pay, and it is rejected without anybody being asked."""

from __future__ import annotations

from dataclasses import replace

from scenarios.approval import all_well, invalid
from scenarios.approval.activities import Purchase

scenario = replace(
    invalid.scenario,
    given=replace(all_well.REQUEST, purchase=Purchase(id="p1", what="a chair", cents=0)),
    claims=(),
)
