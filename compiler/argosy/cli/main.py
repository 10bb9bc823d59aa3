"""The entry point: find the command, run it, and turn whatever goes wrong into words and an exit code."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from argosy.cli.exits import Exit

if TYPE_CHECKING:
    from argosy.errors import ArgosyError

COMPLETION = "_ARGOSY_COMPLETE"
"""Set by the shell when it wants completions instead of a run."""


def entry() -> NoReturn:
    """Be the process ``argosy``. It lives for one command: garbage is looked for rarely, and nothing is tidied up."""
    gc.set_threshold(100_000, 20, 100)
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def main(words: Sequence[str] | None = None) -> int:
    """Run a command line (default: the process's own) and give its exit code; see :class:`argosy.cli.exits.Exit`."""
    given = list(sys.argv[1:] if words is None else words)
    debug = _take_debug(given)
    _never_fail_on_characters()
    try:
        code = _run(given)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return Exit.CLEAN
    except Exception as error:  # the one place where a fault of Argosy's own becomes words
        from argosy.errors import ArgosyError

        if isinstance(error, ArgosyError):
            _say(error)
            return Exit.USAGE
        if debug:
            raise
        _say_internal(error)
        return Exit.INTERNAL


def _run(words: list[str]) -> int:
    from argosy.cli import quick

    call = None if COMPLETION in os.environ else quick.parse(words)
    if call is None:
        from argosy.cli import full

        try:
            call = full.parse(words)
        except SystemExit as shown:
            return shown.code if isinstance(shown.code, int) else Exit.CLEAN
    return call.run(**call.arguments)


def _take_debug(words: list[str]) -> bool:
    end = words.index("--") if "--" in words else len(words)
    if "--debug" not in words[:end]:
        return False
    words.remove("--debug")
    return True


def _never_fail_on_characters() -> None:
    """Print what the terminal's encoding lacks as question marks instead of failing on it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _forget_output() -> None:
    """Point standard output nowhere, as its reader has gone, so that leaving Python does not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(error: ArgosyError) -> None:
    from argosy.report.errors import render
    from argosy.report.style import style_for

    sys.stdout.flush()
    sys.stderr.write(render(error, style_for(sys.stderr)))


def _say_internal(error: Exception) -> None:
    from argosy import __version__

    sys.stderr.write(
        f"internal error: {type(error).__name__}: {error}\n"
        f"  This is a fault of Argosy {__version__}, not of your files. Please report it, with the file and with\n"
        "  what the same command says with --debug.\n"
    )
