"""The same application with one mistake in it."""

from __future__ import annotations

from dataclasses import replace

from tests.explored.foreign import seminar, seminar_target

target = replace(seminar_target.target, workflows=[seminar.BookSeminarLate], workflow=seminar.BookSeminarLate.run)
