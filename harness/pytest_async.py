"""Declares an asynchronous fixture of a whole session; without pytest-asyncio, one that says what to install.

pytest loads the harness's plugin in every session of an environment, also where it is installed for replays alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import wraps
from importlib.util import find_spec
from typing import Any, NoReturn

import pytest

from harness.exit_codes import USAGE
from harness.extras import Extra, why_missing


def session_fixture(function: Callable[[pytest.FixtureRequest], AsyncIterator[Any]]) -> Any:
    """Make a function a fixture of the session, on the session's event loop."""
    if find_spec("pytest_asyncio") is not None:
        import pytest_asyncio  # noqa: PLC0415 - [pytest] brings it

        return pytest_asyncio.fixture(scope="session", loop_scope="session")(function)

    @wraps(function)
    def missing(request: pytest.FixtureRequest) -> NoReturn:  # noqa: ARG001 - the same as the other's
        why = why_missing("a scenario in pytest", [Extra.SERVER, Extra.PYTEST])
        pytest.exit(f"harness: {why}", returncode=USAGE)

    del missing.__wrapped__  # it would be taken for an asynchronous one
    return pytest.fixture(scope="session")(missing)
