"""Finds the activities."""

from __future__ import annotations

from dataclasses import dataclass

from harness.init.source import Definition, Function, ProjectSource, decorated

DEFN = "temporalio.activity.defn"


@dataclass(frozen=True, kw_only=True)
class FoundActivity:
    """An activity.

    Attributes:
        name: Of its function.
        function: Where it is.
    """

    name: str
    function: Definition

    @property
    def place(self) -> str:
        """Where it is, as "shop/activities.py:12"."""
        return self.function.module.at(self.function.node)

    @property
    def owner(self) -> str:
        """The name of its class; "" for a function."""
        return self.function.owner.name if self.function.owner is not None else ""


def find_activities(project: ProjectSource) -> list[FoundActivity]:
    """Return the activities, in the order of the files."""
    return [
        FoundActivity(name=one.node.name, function=one)
        for one in project.functions()
        if isinstance(one.node, Function) and decorated(one.module, one.node, DEFN)
    ]
