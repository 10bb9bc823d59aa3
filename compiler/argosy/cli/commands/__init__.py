"""The commands. One module is one command: ``argosy init-config`` is ``init_config.py``.

A module has a function ``run``, which takes the command's parameters by keyword (see ``argosy.cli.parameters``) and
gives the exit code. Its docstring is the command's help, in Markdown; the first line is what ``argosy --help`` shows.
Nothing registers it. A name that Python keeps for itself takes an underscore: ``import_.py``.
"""

from __future__ import annotations

import keyword
from importlib import import_module

from argosy.cli.parameters import Run


def module_name(command: str) -> str:
    """Give the module of a command.

    >>> module_name("init-config"), module_name("import")
    ('init_config', 'import_')
    """
    name = command.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def names() -> list[str]:
    """Give the names of all commands, sorted."""
    from pkgutil import iter_modules

    return sorted(module.name.rstrip("_").replace("_", "-") for module in iter_modules(__path__))


def find(command: str) -> Run | None:
    """Give the ``run`` of a command, or None if there is no such command."""
    name = module_name(command)
    if not name.isidentifier():
        return None
    full = f"{__name__}.{name}"
    try:
        run: Run = import_module(full).run
    except ModuleNotFoundError as error:
        if error.name == full:
            return None
        raise
    return run
