"""Golden files: what is printed is compared whole; ``ARGOSY_GOLDEN=write make test`` writes them anew."""

import os
from pathlib import Path


def compare(folder: Path, name: str, text: str) -> None:
    """Compare a text with the golden file of that name in the folder."""
    path = folder / name
    if os.environ.get("ARGOSY_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
