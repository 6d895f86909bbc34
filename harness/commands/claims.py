"""`harness claims`: the specification, the proofs of its claims and their last verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from harness.catalog import load_catalog
from harness.commands._json import json_printed
from harness.commands._options import needs
from harness.commands._paths import FILE, GIVEN_FOLDER, write_reports
from harness.errors import UsageError
from harness.exit_codes import USAGE
from harness.extras import Extra
from harness.files.atomic_file import write_whole
from harness.reports.json_form import VerdictName, text_of
from harness.settings import find_project
from harness.specification.claims import Specification, Standing
from harness.specification.proofs import last_verdicts, load_specification
from harness.verdict import Verdict, worst


@dataclass(frozen=True, kw_only=True)
class ClaimJson:
    """One claim.

    Attributes:
        standing: How it compares with the truth.
        says: The claim, as guides make it.
        truth: What is true instead, or why it cannot be tested; "" if the claim holds.
        evidence: The observation that decides it.
        fault: The fault that shows it.
        proofs: The scenarios and tests that would fail if it did not hold.
        verdict: The worst of their last verdicts; null where none ran.
    """

    id: str
    standing: Standing
    says: str
    truth: str
    evidence: str
    fault: str
    proofs: tuple[str, ...]
    verdict: VerdictName | None


@click.command("claims")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--brief", is_flag=True, help="Only ids and verdicts, without the texts of the claims.")
@json_printed(tuple[ClaimJson, ...], "claims", "Print JSON: one object per claim.")
@click.option(
    "--page",
    "page_",
    type=FILE,
    help="Write the page of claims that guides get wrong to this file.",
)
@click.option(
    "--runs",
    type=GIVEN_FOLDER,
    help="Folder of the run folders, for the last verdicts. Default: runs.",
)
@needs(Extra.SERVER)
def command(ids: tuple[str, ...], *, brief: bool, as_json: bool, page_: Path | None, runs: Path | None) -> None:
    """Print claims about Temporal, their proofs and last verdicts; IDs may be globs.

    Exits with 1 if a proof's last verdict was FAILED, with 4 if one was INCONCLUSIVE or a testable claim has no proof,
    and with 2 if a proof names a claim that does not exist.
    """
    if brief and as_json:
        raise UsageError("--brief is of the text; it cannot be combined with --json.")
    # Here and not at the top: [server] brings what this needs.
    from rich.console import Console  # noqa: PLC0415

    from harness.reports.claims import page, print_claims  # noqa: PLC0415

    root, settings = find_project(Path.cwd())
    verdicts = last_verdicts(runs or Path("runs"))
    specification = load_specification(root, settings, load_catalog(root, settings), verdicts=verdicts)
    if page_ is not None:
        text = page(specification, root=root, at=page_.resolve())
        write_reports([(lambda path: write_whole(path, text), page_)])
    chosen = specification.select(ids)
    if as_json:
        click.echo(text_of(_row(chosen, one) for one in chosen.claims))
    else:
        print_claims(Console(highlight=False), chosen, brief=brief)
    if specification.unknown:
        raise SystemExit(USAGE)
    proven = [Verdict.INCONCLUSIVE] if chosen.unproven else []
    told = [one for one in map(chosen.verdict_of, chosen.claims) if one is not None]
    raise SystemExit(worst([*proven, *told]).exit_code)


def _row(specification: Specification, claim: str) -> ClaimJson:
    verdict = specification.verdict_of(claim)
    return ClaimJson(
        **specification.claims[claim].model_dump(),
        proofs=tuple(proof.name for proof in specification.proofs_of(claim)),
        verdict=None if verdict is None else verdict.name,
    )
