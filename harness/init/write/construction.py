"""Writes how activities are made: functions as they are, methods of an object that is made of clients and URLs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from harness.init.find.activities import FoundActivity
from harness.init.source import Function, SourceFile
from harness.init.write.code import ImportLines

CLIENTS = ("AsyncClient", "Client", "ClientSession", "Session")


class Construction:
    """The activities of a worker.

    Args:
        activities: All that it has.
        url: Returns the expression for the base URL of the service that an activity calls; "" for none.
        imports: Receives what the expressions need.
    """

    def __init__(
        self, activities: Sequence[FoundActivity], url: Callable[[FoundActivity], str], imports: ImportLines
    ) -> None:
        self.problems: list[str] = []
        """Why an activity cannot be made, one sentence each."""
        self.names: dict[str, str] = {}
        """By the place of an activity, the expression for it."""
        self.lines: list[str] = []
        """The statements that make the objects."""
        made: dict[int, str] = {}
        for one in activities:
            module = one.function.module.name
            owner = one.function.owner
            if owner is None:
                self.names[one.place] = imports.add(module, one.name)
                continue
            if id(owner) not in made:
                arguments = self._arguments(one.function.module, owner, url(one), imports)
                if arguments is None:
                    self.problems.append(
                        f"{owner.name} ({one.function.module.at(owner)}) cannot be made without knowing its arguments"
                    )
                    continue
                made[id(owner)] = f"made_{len(made) + 1}" if made else "made"
                self.lines.append(f"{made[id(owner)]} = {imports.add(module, owner.name)}({arguments})")
            self.names[one.place] = f"{made[id(owner)]}.{one.name}"

    @property
    def listed(self) -> str:
        """The list of all activities."""
        return f"[{', '.join(self.names.values())}]"

    @staticmethod
    def _arguments(module: SourceFile, owner: ast.ClassDef, url: str, imports: ImportLines) -> str | None:
        method = next((one for one in owner.body if isinstance(one, Function) and one.name == "__init__"), None)
        if method is None:
            return ""
        given = method.args
        positional = [*given.posonlyargs, *given.args][1:]
        needed = positional[: len(positional) - len(given.defaults)]
        needed += [one for one, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is None]
        written = []
        for one in needed:
            kind = ast.unparse(one.annotation) if one.annotation is not None else ""
            package, _, name = kind.rpartition(".")
            home = module.names.get(package, package)
            package = package if home == package else f"{home} as {package}"
            if url and package and name in CLIENTS and name != "Session":
                imports.add("", package)
                written.append(f"{one.arg}={kind}(base_url={url})")
            elif package and name == "Session":
                imports.add("", package)
                written.append(f"{one.arg}={kind}()")
            elif url and kind in {"", "str"} and any(word in one.arg for word in ("url", "base", "host", "endpoint")):
                written.append(f"{one.arg}={url}")
            else:
                return None
        return ", ".join(written)
