"""Where the schemas are: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from argosy.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path


def schema_file(name: str) -> Path:
    """Give the path of a file of ``schemas/``, such as ``argo-4.1.schema.json``.

    Raises ReadError where it is in neither place.
    """
    from pathlib import Path

    return Path(_path(name))


def schema_text(name: str) -> bytes:
    """Give what is in a file of ``schemas/``. Raises ReadError where it is in neither place."""
    with open(_path(name), "rb") as file:  # noqa: PTH123  # start-up time
        return file.read()


def _path(name: str) -> str:
    package = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120  # start-up time
    checkout = os.path.dirname(os.path.dirname(package))  # noqa: PTH120  # start-up time
    for folder in (f"{package}/_schemas", f"{checkout}/schemas"):
        if os.path.isfile(f"{folder}/{name}"):  # noqa: PTH113  # start-up time
            return f"{folder}/{name}"
    raise ReadError(f"the schema {name} is missing", hint="install the package again")
