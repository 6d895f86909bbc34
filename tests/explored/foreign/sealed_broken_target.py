"""The same application with one mistake in it."""

from __future__ import annotations

from dataclasses import replace

from tests.explored.foreign import sealed, sealed_target

target = replace(sealed_target.target, activities=[sealed.read_pages, sealed.sign_each_time])
