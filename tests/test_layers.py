"""A room imports only from rooms above it: the table of the design, checked on every import."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "compiler" / "argosy"

LAYERS: list[set[str]] = [
    {"errors", "later", "source", "spelling"},
    {"variables", "versions", "yaml", "language"},
    {"model"},
    {"workspace", "scope", "frontend"},
    {"lint", "simulate"},
    {"explore", "report", "local", "testing"},
    {"cli", "pytest_plugin", "__init__", "__main__"},
]
WITHIN_A_LAYER = {
    ("variables", "versions"),
    ("scope", "workspace"),
    ("source", "errors"),
    ("source", "later"),
    ("report", "explore"),
    ("explore", "local"),
    ("testing", "local"),
    ("testing", "report"),
    ("cli", "__init__"),
    ("__main__", "cli"),
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def layer_of(room: str) -> int:
    return next(i for i, rooms in enumerate(LAYERS) if room in rooms)


def imports(path: Path) -> list[str]:
    """Give the rooms of argosy that a module imports, lazily or not, by absolute or relative name."""
    package = ["argosy", *path.relative_to(PACKAGE).parts[:-1]]
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            full = ".".join(filter(None, [base, node.module or ""]))
            names += [f"{full}.{alias.name}" for alias in node.names] if full == "argosy" else [full]
    rooms = {n.split(".")[1] for n in names if n.startswith("argosy.")}
    return sorted(r for r in rooms if (PACKAGE / r).is_dir() or (PACKAGE / f"{r}.py").exists())


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_only_from_layers_above(path: Path) -> None:
    room = room_of(path)
    wrong = [
        other
        for other in imports(path)
        if other != room and layer_of(other) >= layer_of(room) and (room, other) not in WITHIN_A_LAYER
    ]
    assert not wrong, f"{room} (layer {layer_of(room)}) must not import {wrong}"


def test_every_room_has_a_layer() -> None:
    rooms = {room_of(p) for p in PACKAGE.rglob("*.py")}
    assert rooms <= set().union(*LAYERS)
