"""Prints a specification on the terminal, and writes the page of what guides get wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from os.path import relpath
from pathlib import Path

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.files.printable import without_commands
from harness.specification.claims import Claim, Specification, Standing
from harness.verdict import Verdict

_COLOUR = {Verdict.PASSED: "green", Verdict.INCONCLUSIVE: "yellow", Verdict.FAILED: "red", None: "dim"}
_MARK = {Standing.HOLDS: " ", Standing.IMPRECISE: "~", Standing.CORRECTED: "!", Standing.NOT_TESTABLE: "-"}


def _text(text: str, style: str = "") -> Text:
    return Text(without_commands(text), style=style)


def print_claims(console: Console, specification: Specification, *, brief: bool) -> None:
    """Print claims by topic with proofs and last verdicts, explain corrected claims, and list missing proofs.

    Args:
        console: Where to.
        specification: What is printed.
        brief: Without the explanations.
    """
    for topic in specification.topics:
        console.print(_text(topic.title, style="bold"))
        for claim in topic.claims:
            for line in _lines(specification, claim, brief=brief):
                console.print(line)
        console.print()
    for line in _summary(specification):
        console.print(line)


def _lines(specification: Specification, claim: Claim, *, brief: bool) -> Iterator[RenderableType]:
    verdict = specification.verdict_of(claim.id)
    shown = verdict.name if verdict is not None else "not run" if specification.proofs_of(claim.id) else ""
    names = ", ".join(proof.name for proof in specification.proofs_of(claim.id))
    proofs = _text(names) if names or not claim.testable else _text("no proof", style="red")
    row = Table(box=None, pad_edge=False, show_header=False, show_edge=False)
    for width in (1, 9, 12, 12):
        row.add_column(min_width=width, no_wrap=True)
    row.add_column()
    row.add_row(_MARK[claim.standing], claim.id, claim.standing.value, _text(shown, style=_COLOUR[verdict]), proofs)
    yield Padding(row, (0, 0, 0, 2))
    if not brief:
        yield Padding(_text(f"{'claim: ' if claim.truth else ''}{claim.says}", style="dim"), (0, 0, 0, 4))
        if claim.truth:
            yield Padding(_text(f"true: {claim.truth}"), (0, 0, 0, 4))


def _summary(specification: Specification) -> Iterator[Text]:
    claims = specification.claims
    standings = Counter(claim.standing for claim in claims.values())
    yield _text(f"{len(claims)} claims: " + ", ".join(f"{standings[one]} {one.value}" for one in Standing))
    verdicts = Counter(specification.verdict_of(one.id) for one in claims.values() if one.testable)
    verdicts_shown = ", ".join(
        f"{verdicts[one]} {'not run' if one is None else one.name}" for one in (*Verdict, None) if verdicts[one]
    )
    yield _text(f"last verdicts: {verdicts_shown}")
    if specification.unproven:
        yield _text(f"without proof: {', '.join(specification.unproven)}", style="red")
    for text in specification.unknown:
        yield _text(text, style="red")


def page(specification: Specification, *, root: Path, at: Path) -> str:
    """Return the page of all imprecise and wrong claims, with the truth and the proofs.

    Args:
        specification: The specification.
        root: The project's root; the paths of proofs are relative to it.
        at: The path of the page, for its links.
    """
    counts = Counter(claim.standing for claim in specification.claims.values())
    holds, imprecise, wrong = (counts[one] for one in (Standing.HOLDS, Standing.IMPRECISE, Standing.CORRECTED))
    lines = [
        "# What the guides get wrong",
        "",
        "<!-- Written by `harness claims --page`; edit the data in scenarios/claims instead. -->",
        "",
        f"{len(specification.claims)} claims about Temporal from guides, tutorials and forum answers were tested.",
        f"{holds} hold, {imprecise} are imprecise, and {wrong} are wrong.",
        "This page lists the imprecise and the wrong ones, with what is true and the scenario or test that proves it.",
        "`harness claims` prints all claims with the last verdicts of their proofs.",
    ]
    for topic in specification.topics:
        shown = [claim for claim in topic.claims if claim.standing in {Standing.IMPRECISE, Standing.CORRECTED}]
        lines += ["", f"## {topic.title}"] if shown else []
        for claim in shown:
            lines += ["", f"### {claim.id}, {claim.standing.value}", "", f"**Claim:** {_prose(claim.says)}", ""]
            lines += [f"**True:** {_prose(claim.truth)}", "", f"Evidence: {_prose(claim.evidence)}", ""]
            proofs = specification.proofs_of(claim.id)
            links = [f"[{one.name}]({relpath(root / one.path, at.parent)})" for one in proofs]
            lines.append(f"Proof: {', '.join(links) or 'none yet'}.")
    return "\n".join(lines) + "\n"


def _prose(text: str) -> str:
    return " ".join(text.split())
