"""Has aiohttp's sessions use the proxies and credentials of the environment unless they are told otherwise.

Uses the default of the keyword argument `trust_env` of `aiohttp.ClientSession`, which is a part of its signature and
documented as False. Where it is no such default, sessions stay as they are.
"""

from __future__ import annotations

import importlib.util


def trust_environment() -> None:
    """Change the default. Imports aiohttp, if it is installed: it makes its TLS contexts then."""
    if importlib.util.find_spec("aiohttp") is None:
        return
    import aiohttp  # noqa: PLC0415 - after the environment is set, and only where it is installed

    defaults = aiohttp.ClientSession.__init__.__kwdefaults__
    if defaults is not None and "trust_env" in defaults:
        defaults["trust_env"] = True
