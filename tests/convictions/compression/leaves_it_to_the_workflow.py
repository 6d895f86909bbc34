"""Has no codec: the state comes as it is, too large for a result, before any workflow could compress it."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

TRIED_WITH = ["compression/all_well"]
CONVICTED_BY = "outcome"

data_converter = pydantic_data_converter
