"""A replay session as Markdown, for a reviewer."""

from __future__ import annotations

from pathlib import Path

from harness.files.atomic_file import write_whole
from harness.replay.verdicts.summary import Summary
from harness.reports.replay.terminal import account
from harness.reports.text import code_block, markdown, one_line


def write(summary: Summary, path: Path) -> None:
    """Write the file."""
    write_whole(path, tell(summary))


def tell(summary: Summary) -> str:
    """Return the page: the verdict, a table of the histories that do not pass or have drifted, and each explained."""
    told = [one for one in summary.judgements if one.drifts or summary.policy.verdict(one)]
    lines = [f"# Replay: {summary.verdict}", "", f"{summary.counts}.", ""]
    if not summary.sandboxed:
        lines += ["Unsandboxed: code that the sandbox forbids was not noticed.", ""]
    if told:
        lines += ["| verdict | history | workflow | what |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {summary.policy.verdict(one)} | {' | '.join(map(markdown, (one.file, one.workflow, one.title)))} |"
            for one in told
        ]
        lines.append("")
    for one in told:
        lines += [f"## {one_line(one.file)}", "", code_block(account(one)), ""]
    return "\n".join(lines)
