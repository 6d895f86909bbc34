"""The redactor of this process: every report, log and run folder uses its rules and its key."""

from __future__ import annotations

import logging

from harness.redaction.redactor import Redactor
from harness.redaction.rules import RedactRules

_ACTIVE = [Redactor()]


def install(rules: RedactRules) -> None:
    """Use these rules from now on."""
    if rules != _ACTIVE[0].rules:
        _ACTIVE[:] = [Redactor(rules)]


def active() -> Redactor:
    """Return the redactor in use; the defaults are in force until `install`."""
    return _ACTIVE[0]


class RedactingFormatter(logging.Formatter):
    """Formats log records without the secrets in them."""

    def format(self, record: logging.LogRecord) -> str:
        """Format the whole record, its traceback included."""
        return active().text(super().format(record))
