"""Folders: which of their files are looked at."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argosy.errors import ReadError
from argosy.lint import folders
from argosy.lint.folders import files
from argosy.lint.patterns import patterns, says, takes


def made(top: Path, *names: str) -> list[str]:
    for name in names:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text("")
    return sorted(names)


def seen(top: Path) -> list[str]:
    return [str(Path(path).relative_to(top)) for path in files([top])]


def test_manifests_come_in_order_and_hidden_ones_not_at_all(tmp_path: Path) -> None:
    made(tmp_path, "b.yaml", "a/z.yml", "a.yaml", "a/c.json", "notes.md", ".hidden.yaml", ".git/x.yaml", "a/.b/x.yaml")
    assert seen(tmp_path) == ["a/c.json", "a/z.yml", "a.yaml", "b.yaml"]


def test_a_file_that_is_named_is_taken_whatever_its_name(tmp_path: Path) -> None:
    made(tmp_path, ".hidden.txt")
    (tmp_path / ".gitignore").write_text("*\n")
    assert list(files([tmp_path / ".hidden.txt"])) == [str(tmp_path / ".hidden.txt")]
    with pytest.raises(ReadError, match="nowhere"):
        list(files([tmp_path / "nowhere"]))


def test_ignore_files_take_away_and_nearer_ones_bring_back(tmp_path: Path) -> None:
    made(tmp_path, "build/a.yaml", "src/build/a.yaml", "src/b.gen.yaml", "src/keep/b.gen.yaml", "src/c.yaml")
    (tmp_path / ".gitignore").write_text("# made\n/build/\n*.gen.yaml\n")
    (tmp_path / "src" / "keep" / ".argosyignore").write_text("!b.gen.yaml\n")
    (tmp_path / "src" / ".argosyignore").write_text("c.yaml\n")
    assert seen(tmp_path) == ["src/build/a.yaml", "src/keep/b.gen.yaml"]


def test_ignore_files_above_count_inside_of_a_repository(tmp_path: Path) -> None:
    made(tmp_path, "src/a.yaml", "src/b.yaml")
    (tmp_path / ".gitignore").write_text("src/a.yaml\n")
    assert seen(tmp_path / "src") == ["a.yaml", "b.yaml"]
    (tmp_path / ".git").mkdir()
    assert seen(tmp_path / "src") == ["b.yaml"]


@pytest.mark.parametrize(
    ("line", "path", "matches"),
    [
        ("*.yaml", "a/b.yaml", True),
        ("a/*.yaml", "a/b.yaml", True),
        ("a/*.yaml", "x/a/b.yaml", False),
        ("/b.yaml", "a/b.yaml", False),
        ("**/b", "a/x/b", True),
        ("a/**/b", "a/b", True),
        ("a/**", "a/x/b", True),
        ("ci/", "ci/x.yaml", True),
        ("ci/", "ci", False),
        ("[ab].yaml", "a.yaml", True),
        ("[!ab].yaml", "a.yaml", False),
        ("a?.yaml", "a/.yaml", False),
        ("\\#a", "#a", True),
        ("a b ", "a b", True),
        ("#a", "#a", False),
        ("[", "[", True),
    ],
)
def test_patterns_match_as_in_git(line: str, path: str, matches: bool) -> None:
    assert takes(patterns([line]), path) is matches


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("ab*/!?", min_size=1, max_size=5), min_size=1, max_size=3),
    st.lists(st.text("ab", min_size=1, max_size=2), min_size=1, max_size=3),
)
def test_patterns_agree_with_git(tmp_path_factory: pytest.TempPathFactory, lines: list[str], parts: list[str]) -> None:
    top = tmp_path_factory.getbasetemp() / "git"
    if not top.exists():
        subprocess.run(["git", "init", "-q", str(top)], check=True)
    (top / ".gitignore").write_text("\n".join(lines) + "\n")
    path = "/".join(parts)
    done = subprocess.run(["git", "check-ignore", "-q", "--no-index", path], cwd=top, check=False)
    known = patterns(lines)
    folders = ("/".join(parts[:end]) for end in range(1, len(parts)))
    ours = any(says(known, folder, True) for folder in folders) or bool(says(known, path, False))
    assert ours is (done.returncode == 0), (lines, path)


@given(st.lists(st.sampled_from(["/", ".", "a", "..", "b/", "./", "ä"]), min_size=1, max_size=7).map("".join))
def test_paths_are_plain_as_those_of_pathlib(path: str) -> None:
    assert folders._plain(path) == str(Path(path))
