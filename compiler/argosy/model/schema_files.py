"""Where the schemas are: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

from argosy.errors import ReadError


def schema_file(name: str) -> Path:
    """Give the path of a file of ``schemas/``, such as ``argo-4.1.schema.json``.

    Raises ReadError where it is in neither place.
    """
    package = Path(__file__).parent.parent
    for folder in (package / "_schemas", package.parent.parent / "schemas"):
        if (folder / name).is_file():
            return folder / name
    raise ReadError(f"the schema {name} is missing", hint="install the package again")
