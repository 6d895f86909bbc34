"""The same application with one mistake in it."""

from __future__ import annotations

from dataclasses import replace

from tests.explored.foreign import claims, claims_target

target = replace(claims_target.target, activities=[claims.assess, claims.pay_out_each_time])
