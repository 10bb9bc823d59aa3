"""What a process does without while it imports libraries is there again afterwards."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CODE = """
import sys
from argosy.cli import lean
lean.load()
print(*{"typing_extensions", "inspect"} & set(sys.modules))
import re, typing_extensions, uuid, yaml
print(type(re.compile("a")) is re.Pattern, typing_extensions.Required.__name__, len(str(uuid.uuid4())))
print(yaml.load("{when: 2001-02-03, size: 0x1F, share: 1.5, yes: [~, 'a']}", Loader=yaml.SafeLoader))
print(repr(yaml.dump({"a": "1.5", "b": [True, "yes"]}, Dumper=yaml.SafeDumper)))
try:
    yaml.load("a: \\x07", Loader=yaml.SafeLoader)
except yaml.YAMLError as error:
    print(type(error).__name__)
"""


def test_libraries_work_as_ever_after_the_lean_start() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "",
        "True Required 36",
        "{'when': datetime.date(2001, 2, 3), 'size': 31, 'share': 1.5, True: [None, 'a']}",
        repr("a: '1.5'\nb:\n- true\n- 'yes'\n"),
        "ReaderError",
    ]


def test_linting_a_file_loads_nothing_slow_that_it_does_not_need() -> None:
    words = ["lint", "--no-cache", str(ROOT / "examples" / "exit-handler.yaml")]
    code = f"import sys; from argosy.cli.main import main; main({words!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith("Clean"), done.stderr
    assert not {"dataclasses", "inspect", "typing_extensions", "ast", "re2", "multiprocessing"} & {*done.stdout.split()}
