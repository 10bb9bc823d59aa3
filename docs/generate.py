"""Generates the pages of ``docs/`` that say what the code says: ``python -m docs.generate [--check]``.

``docs/commands.md``: the help of every command; ``docs/variables.md``: every
``{{variable}}`` of Argo; ``docs/rules/``, ``docs/course/``, ``docs/language.md`` and ``docs/fidelity.md``, which have
their own sources. In the README, the blocks that show what a command prints are run.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from docs import fidelity, lessons, rule_pages, scenarios
from docs.rule_pages import MADE

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """Write all pages, or with ``--check`` say whether they are as they would be written."""
    pages = {(HERE / name).resolve(): text for name, text in outputs()}
    rules = HERE / "rules"
    gone = sorted(set(rules.glob("*.md")) - set(pages)) if rules.is_dir() else []
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text() != text]
    if "--check" in arguments:
        for path in [*stale, *gone]:
            sys.stdout.write(f"{path.relative_to(HERE.parent)} is not up to date: run `make docs`\n")
        return 1 if stale or gone else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages[path])
    for path in gone:
        path.unlink()
    return 0


def outputs() -> Iterator[tuple[str, str]]:
    """Give the generated pages: path in ``docs/``, and text."""
    from argosy.language import reference

    yield "../README.md", readme((HERE.parent / "README.md").read_text())
    if shutil.which("openssl"):  # what is really run there speaks HTTPS
        yield "running-handlers.md", readme((HERE / "running-handlers.md").read_text())
    yield "reports.md", readme((HERE / "reports.md").read_text())
    yield "laboratory.md", readme((HERE / "laboratory.md").read_text())
    yield "commands.md", commands_page()
    yield "variables.md", variables_page()
    yield "language.md", reference.markdown()
    yield "fidelity.md", fidelity.page()
    yield "scenarios.md", scenarios.page()
    yield from lessons.pages()
    yield from rule_pages.pages()


_BLOCK = re.compile(r"(<!-- output of: ([^\n]*) -->\n```console\n)(.*?)(```\n)", re.DOTALL)
_DRAWN = re.compile(r"(<!-- drawn by: ([^\n]*) -->\n)(.*?)(\n<!-- end -->\n)", re.DOTALL)
_FILE = re.compile(r"(<!-- text of: ([^\n]*) -->\n```(?:python|yaml)\n)(.*?)(```\n)", re.DOTALL)


def readme(text: str) -> str:
    """Give a page with its blocks below ``<!-- output of: COMMAND; COMMAND -->`` as the commands print them.

    Markdown below ``<!-- drawn by: COMMAND -->`` is what the command prints, as it is; a flowchart is fenced.
    """
    text = _FILE.sub(lambda block: block[1] + (HERE.parent / block[2]).read_text() + block[4], text)
    text = _DRAWN.sub(lambda block: block[1] + _drawn(block[2]) + block[4], text)
    return _BLOCK.sub(lambda block: block[1] + "".join(map(_shown, block[2].split("; "))) + block[4], text)


def _shown(command: str) -> str:
    """Run a command of ours at the top of the checkout, and give it with what it prints."""
    return f"$ {command}\n{printed(command)}"


def _drawn(command: str) -> str:
    text = printed(command).rstrip("\n")
    return f"```mermaid\n{text}\n```" if text.startswith("flowchart") else text


def printed(command: str) -> str:
    """Give what a command of ours prints, run at the top of the checkout."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "COLUMNS": "100"}
        words = [sys.executable, "-m", *shlex.split(command)]
        done = subprocess.run(words, cwd=HERE.parent, env=environment, capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(f"{command}: {done.stderr}")
    return done.stdout


def commands_page() -> str:
    """Give the help of every command, from the declarations that the command line itself reads."""
    import inspect

    from argosy.cli import commands
    from argosy.cli.parameters import Argument, parameters

    out = ["# Commands\n"]
    for name in commands.names():
        run = commands.find(name)
        assert run is not None
        out.append(f"\n## argosy {name}\n\n{inspect.getdoc(run)}\n")
        rows = []
        for parameter in parameters(run):
            label = parameter.spec.metavar or parameter.name.upper()
            if not isinstance(parameter.spec, Argument):
                value = "" if parameter.kind == "flag" else " " + (parameter.spec.metavar or "VALUE")
                label = f"`{', '.join(parameter.names)}{value}`"
            rows.append(f"| {_cell(label)} | {_cell(parameter.spec.help)} |\n")
        if rows:
            out.append("\n| | |\n|---|---|\n" + "".join(rows))
    return MADE + "".join(out)


def variables_page() -> str:
    """Give the catalogue of variables."""
    from argosy import variables
    from argosy.versions import ArgoVersion

    out = ["# Variables of Argo Workflows\n\nEvery `{{variable}}` that Argosy knows, and when it has a value.\n"]
    for kind, group in groupby(sorted(variables.VARIABLES, key=lambda v: v.kind), key=lambda v: v.kind):
        out.append(f"\n## {kind}\n\n| variable | | where |\n|---|---|---|\n")
        for v in group:
            where = ", ".join(phase for phase in variables.Phase if phase in v.phases)
            since = f" (since Argo {v.since})" if v.since > ArgoVersion.V3_6 else ""
            out.append(f"| `{{{{{v.pattern}}}}}` | {_cell(v.sentence)}{since} | {where} |\n")
    return MADE + "".join(out)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
