"""Fixes: what each rule offers removes its finding and adds no other; comments and the rest of the file stay."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argosy.cli.main import main
from argosy.lint.finding import Edit, Severity
from argosy.lint.fixing import fix, fix_text
from argosy.lint.rule import Example, Rule, examples, rules
from argosy.lint.run import lint_text
from argosy.yaml.read import read


def fixable() -> Iterator[tuple[Rule[Any], Example]]:
    for rule in rules():
        for example in examples(rule.doc):
            found = lint_text(example.text, "a.yaml", argo_version=example.version, also=[rule.name]).findings
            if any(one.finding.rule == rule.name and one.finding.fix for one in found):
                yield rule, example


FIXABLE = list(fixable())


def test_there_are_rules_with_fixes() -> None:
    assert len({rule.name for rule, _ in FIXABLE}) >= 10


def commented(text: str) -> str:
    """Put a comment at the end of every line that can have one, and one above every tenth."""
    out = []
    for number, line in enumerate(text.splitlines()):
        block = re.search(r"[|>]\s*$", line)
        out += [f"{line[: len(line) - len(line.lstrip())]}# above {number}"] if number % 10 == 3 and not block else []
        out.append(line)
    return "\n".join(out) + "\n"


def check(rule: Rule[Any], text: str, version: str | None) -> str:
    """Fix a text as ``--fix --unsafe-fixes`` does, and give what comes of it."""
    path = Path("a.yaml")
    before = lint_text(text, str(path), argo_version=version, also=[rule.name])
    raw = text.encode()
    for _ in range(10):
        found = lint_text(raw, str(path), argo_version=version, also=[rule.name])
        after, _ = fix_text(raw, found.findings, unsafe=True)
        if after == raw:
            break
        raw = after
    old = {one.finding.rule for one in before.findings if one.finding.severity is Severity.ERROR}
    new = {one.finding.rule for one in found.findings if one.finding.severity is Severity.ERROR}
    assert new <= old, f"new errors: {new - old}"
    fixed_here = [one for one in before.findings if one.finding.rule == rule.name and one.finding.fix]
    left = [one for one in found.findings if one.finding.rule == rule.name and one.finding.fix]
    assert fixed_here and not left
    assert all(not one.problems for one in read(raw))
    return raw.decode()


@pytest.mark.parametrize(("rule", "example"), FIXABLE, ids=lambda it: getattr(it, "name", ""))
def test_a_fix_removes_its_finding_and_adds_no_error(rule: Rule[Any], example: Example) -> None:
    check(rule, example.text, example.version)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FIXABLE), st.booleans(), st.integers(0, 3))
def test_fixes_keep_comments_and_the_rest_of_the_file(
    case: tuple[Rule[Any], Example], windows: bool, documents: int
) -> None:
    rule, example = case
    other = "apiVersion: v1\nkind: ConfigMap # kept\nmetadata: {name:   kept}\n---\n"
    text = other * documents + commented(example.text)
    if windows:
        text = text.replace("\n", "\r\n")
    after = check(rule, text, example.version)
    assert after.startswith((other * documents).replace("\n", "\r\n" if windows else "\n"))
    if windows:
        assert "\n" not in after.replace("\r\n", "")
    before_lines, after_lines = text.splitlines(), after.splitlines()
    kept = [line for line in after_lines if line in before_lines]
    assert len(kept) >= len(after_lines) / 2, "most lines stay as they are"
    assert after.count("# above") >= text.count("# above") - 1, "but for one inside of what was taken out"


def test_edits_at_one_place_wait_for_the_next_round() -> None:
    from argosy.lint.fixing import _touch

    def delete(*address: str | int) -> Edit:
        return Edit("delete", address)

    assert _touch(delete("a", 0), delete("a", 0))
    assert _touch(delete("a"), delete("a", 0, "b"))
    assert _touch(delete("a", 0), delete("a", 1, "b")), "an entry that is taken out moves those below it"
    assert not _touch(delete("a", 0, "c"), delete("a", 1, "b"))
    assert not _touch(Edit("set", ("a", 0), 1), Edit("set", ("a", 1), 1))


TEXT = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: build-}   # the name
spec:
  entrypoint: main
  hooks:
    exit:
      template: bye
      expression: workflow.status == "Failed"   # why
  templates:
    - name: main
      container: {image: "alpine:3.20", command: [make]}   # the work
    - name: bye
      container: {image: "alpine:3.20", command: [echo, "{{workflow.stauts}}", "{{ =workflow.name}}"]}
"""
RULE = "exit-hook-expression-ignored"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.yaml"
    path.write_text(TEXT)
    return path


def test_only_safe_fixes_are_made_unless_asked(path: Path) -> None:
    safe, unsafe = fix([path]), fix([path], unsafe=True)
    assert dict(safe.rules) == {RULE: 1}
    assert set(unsafe.rules) > {RULE}
    assert path.read_text() == TEXT, "nothing is written"


@pytest.mark.parametrize("hide", ["ignore", "comment", "config"])
def test_only_findings_that_are_shown_are_fixed(path: Path, hide: str) -> None:
    if hide == "ignore":
        assert not fix([path], ignore=[RULE]).after
        return
    if hide == "comment":
        path.write_text(TEXT.replace("# why", f"# argosy: ignore[{RULE}]"))
    else:
        (path.parent / "argosy.toml").write_text(f'ignore = ["{RULE}"]\n')
    assert not fix([path]).after


def test_fix_writes_and_reports_what_is_left(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["lint", "a.yaml", "--fix", "--format", "concise"])
    out = capsys.readouterr()
    assert path.read_text() == TEXT.replace('      expression: workflow.status == "Failed"   # why\n', "")
    assert RULE not in out.out
    assert "stauts" in out.out
    assert code == 1
    assert "Fixed 1 finding in 1 file." in out.err


def test_fix_ends_clean_where_all_is_fixed(path: Path) -> None:
    path.write_text(TEXT.replace("stauts", "status"))
    assert main(["lint", "a.yaml", "--fix"]) == 0
    assert main(["lint", "a.yaml", "--diff"]) == 0


def test_diff_shows_and_writes_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "a.yaml", "--diff"]) == 1
    assert '-      expression: workflow.status == "Failed"   # why' in capsys.readouterr().out.splitlines()
    assert path.read_text() == TEXT


def test_unsafe_fixes_need_something_to_do(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "a.yaml", "--unsafe-fixes"]) == 2
    assert "--fix or --diff" in capsys.readouterr().err
