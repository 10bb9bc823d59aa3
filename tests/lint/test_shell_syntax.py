"""Scripts that shells take are read to their end; of those that they refuse, it is said where they break."""

import random
import shutil
import subprocess

import pytest

from argosy.lint.shell_syntax import read

GOOD = {
    "lists": "a; b & c && d || ! e | f |& g\n\n# nothing\nh # more\n",
    "conditions": "if a; then b; elif c; then d; else e; fi; if a\nthen\n  b\nfi >log 2>&1\n",
    "loops": 'for i in 1 2 "$x"; do a; done\nfor i; do a; done\nfor i\ndo a; done\nwhile a; do b; done <f\n',
    "until": "until a; do b; done >g\n",
    "counting": "for ((i = 0; i < 3; i++)); do a; done\n((i++))\nb=$((1 + (2 * 3)))\n",
    "cases": "case $x in a|b) c;; (d) e ;; *) ;; esac\ncase x in\n  y)\n    z\nesac\n",
    "groups": "{ a; b; }\n(a; b) && (c)\nif a; then (b) fi\nif a; then if b; then c; fi fi\n",
    "functions": "f() { a; }\ng () (\n  b\n)\nfunction h { c; }\nfunction i() { d; }\nj()\n{\n  e\n}\n",
    "quotes": 'a \'b"c\' "d\'e" \\"f \\\' "g\\"h" $\'i\' "$(j "k")" `l \'m\'`\n',
    "expansions": 'a ${b:-c} ${d%%*.x} ${#e} ${f[@]} "${g:+"h i"}" $$ $# $? $1 "$@" ${j/x/y} $(( 1 << 2 ))\n',
    "here-documents": "cat <<EOF >x\nit's\nEOF\ncat <<-'E O'\n\tif\n\tE O\n",
    "several of them": 'cat <<A <<B\n(\nA\n)\nB\nx=$(cat <<C\n"\nC\n)\n',
    "bash": 'a=(b "c d" # e)\n  f)\n[[ $x =~ ^[[:space:]]+(a|b)$ && -n y ]]\ndiff <(a) <(b)\nc @(d|e) &>f <<<"g"\n',
    "comments": "a#b 'c' # it's (\nd\n",
    "words that are none": "echo if then fi done } { do\na=if\n./done\n",
    "joined lines": "a \\\n  b && \\\n  c |\n  d\n",
    "ends by itself": "a\nexit 0\nif ( ' \n",
    "tags": "echo {{x}} {}\n",
    "empty": "",
}
BAD = {
    "if a; then b\n": "'if' has no 'fi'",
    "if a; b; fi": "'fi' comes where 'if' needs 'then'",
    "if a; then fi": "'fi' is not expected here",
    "for i in 1 2\n  a\ndone": "'a' comes where 'for' needs 'do'",
    "while a; do b": "'while' has no 'done'",
    "case $x in a) b;;\n": "'case' has no 'esac'",
    "a; fi": "'fi' is not expected here",
    "a && ": "it ends where a command should come",
    "a ;; b": "';' is not expected here",
    "| a": "'|' is not expected here",
    "{ a; ": "'{' has no '}'",
    "(a": "'(' is never closed",
    "a)": "')' is not expected here",
    "echo 'it's'": "the quote sign ' is never closed",
    'echo "a\nb': 'the quote sign " is never closed',
    "echo `a": "the quote sign ` is never closed",
    "x=$(a": "'$(' is never closed",
    "echo ${x:-a": "'${' is never closed",
    "a >": "'>' does not say to where",
    "cat <<EOF\na\n  EOF\n": "the here-document never ends: no line is just 'EOF'",
    "{ a; } b": "'b' is not expected here",
    "echo a (b)": "'(' is not expected here",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_shells_take_is_read_to_its_end(text: str) -> None:
    assert read(text, bash=True).fault is None


@pytest.mark.parametrize(("text", "message"), BAD.items())
@pytest.mark.parametrize("bash", [True, False])
def test_what_they_refuse_is_told(text: str, message: str, bash: bool) -> None:
    fault = read(text, bash=bash).fault
    assert fault is not None
    assert fault.message == message
    assert 0 <= fault.start < fault.end <= len(text)


def test_what_only_bash_knows_is_no_fault_of_other_shells() -> None:
    assert read("[[ a", bash=True).fault is not None
    assert read("[[ a", bash=False).fault is None
    assert read("function f esac\n", bash=False).fault is None


def test_commands_know_what_stands_around_them() -> None:
    script = read("a=1 set -e; b $x 'c d' >f\nif g; then h \"$y\" ${z}; fi\ni | j || k $(l $m)\n", bash=False)
    assert [(one.words[0], one.depth, one.joined, one.redirected) for one in script.commands] == [
        ("set", 0, False, False),
        ("b", 0, False, True),
        ("g", 1, True, False),
        ("h", 1, False, False),
        ("i", 0, True, False),
        ("j", 0, True, False),
        ("k", 0, True, False),
        ("l", 1, True, False),
    ]
    assert [one.name for command in script.commands for one in command.unquoted] == ["x", "z", "m"]


def test_time_grows_with_the_script_and_depth_is_bounded() -> None:
    assert read("if a; then " * 5000, bash=True).fault is None
    assert read("$(" * 5000, bash=True).fault is None
    assert read("${a:-" * 5000, bash=True).fault is None
    assert len(read("a b c\n" * 20000, bash=True).commands) == 20000


PIECES = ["fi", "done", "do", "then", "(", ")", "{", "}", '"', "'", "`", "$(", "${", ";", ";;", "&&", "|", "&", "esac"]
PIECES += ["case x in", "for i in a", "while", "\n", "#", "\\", "<<EOF\n", ">", "<", "else", "!", "a", "$x", " "]


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_no_fault_is_told_of_a_script_that_the_shell_takes(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    random_ = random.Random(shell)
    scripts = [text for name, text in GOOD.items() if name not in ("bash", "counting", "functions", "tags", "empty")]
    told = 0
    for _ in range(300):
        text = random_.choice(scripts)
        for _ in range(random_.randrange(1, 3)):
            at = random_.randrange(len(text))
            text = text[:at] + random_.choice(PIECES) + text[at + random_.randrange(3) :]
        if (fault := read(text, bash=shell == "bash").fault) is None or "here-document" in fault.message:
            continue
        told += 1
        came = subprocess.run([shell, "-n"], input=text, text=True, capture_output=True, timeout=20)
        assert came.returncode or "yntax" in came.stderr, (fault, text)
    assert told > 50
