"""Which settings each file has: those of the caller over those of its configuration and what that says of its path."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from argosy.lint.settings import Settings, levels, settings
from argosy.versions import ArgoVersion

if TYPE_CHECKING:
    from pathlib import Path

    from argosy.lint.config import Config


class Choice(Struct):
    """Gives the settings of a file. Each configuration is looked for once in a folder, and read once."""

    version: str | ArgoVersion | None = None
    select: Sequence[str] | None = None
    """Stands for what the configuration says of ``select`` and ``ignore``, if it is given."""
    ignore: Sequence[str] = ()
    severity: Sequence[str] | Mapping[str, str] = ()
    config: bool = True
    """Whether configurations are looked for."""
    _folders: dict[str, Config | None] = field(default_factory=dict)
    _settings: dict[tuple[str, tuple[int, ...]], Settings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.default()

    def default(self) -> Settings:
        """Give the settings of a file without configuration. Raises UsageError for what is not known."""
        return self._made(None, ())

    def of(self, path: str) -> Settings:
        """Give the settings of a file. Raises UsageError where its configuration is off."""
        config = self.configuration(path)
        if config is None:
            return self.default()
        which: list[int] = []
        if config.per_path:
            from argosy.lint.patterns import patterns, takes

            inside = _inside(config, path)
            which = [n for n, (one, _) in enumerate(config.per_path) if takes(patterns([one]), inside)]
        return self._made(config, tuple(which))

    def configuration(self, path: str) -> Config | None:
        """Give the configuration of a file, or None."""
        if not self.config:
            return None
        folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120  # start-up time
        if folder not in self._folders:
            self._folders[folder] = _nearest(folder)
        return self._folders[folder]

    def excluded(self, path: str, is_folder: bool) -> bool:
        """Tell whether a configuration excludes a file or folder."""
        config = self.configuration(path)
        if config is None or not config.exclude:
            return False
        from argosy.lint.patterns import patterns, says

        return bool(says(patterns(config.exclude), _inside(config, path), is_folder))

    def also_with(self, paths: Iterable[str]) -> list[Path]:
        """Give what the configurations of some files say to look up workflow templates in."""
        out: dict[Path, None] = {}
        for path in paths:
            config = self.configuration(path)
            if config is not None:
                out.update(dict.fromkeys(config.with_))
        return list(out)

    def key(self) -> str:
        """Give a text that differs where the settings of the files asked for so far do."""
        made = [
            f"{name} {which} {one.key}"
            for (name, which), one in sorted(self._settings.items(), key=lambda pair: pair[0])
        ]
        read = sorted({f"{one.path} {one.per_path}" for one in self._folders.values() if one is not None})
        return "\n".join([*made, *read])

    def _made(self, config: Config | None, which: tuple[int, ...]) -> Settings:
        key = (str(config.path) if config else "", which)
        if key not in self._settings:
            self._settings[key] = self._make(config, which)
        return self._settings[key]

    def _make(self, config: Config | None, which: tuple[int, ...]) -> Settings:
        if config is None:
            return settings(self.version, self.select, self.ignore, self.severity)
        select: Sequence[str] | None = self.select
        ignore, severity = [*self.ignore], dict[str, str]()
        for one in (config.rules, *(config.per_path[n][1] for n in which)):
            if self.select is None and one.select is not None:
                select = one.select
            if self.select is None or one is not config.rules:
                ignore += one.ignore
            severity |= one.severity
        return settings(self.version or config.argo_version, select, ignore, severity | levels(self.severity))


def _nearest(folder: str) -> Config | None:
    """Give the configuration of a folder: its own, or the nearest one above; most have none."""
    here = folder
    while True:
        for name in ("argosy.toml", "pyproject.toml"):
            path = f"{here}{os.sep}{name}"
            if os.path.isfile(path) and (name == "argosy.toml" or _speaks_of_argosy(path)):  # noqa: PTH113  # as above
                from pathlib import Path

                from argosy.lint.config import read

                if (found := read(Path(here, name))) is not None:
                    return found
        above = os.path.dirname(here)  # noqa: PTH120  # start-up time
        if above == here:
            return None
        here = above


def _speaks_of_argosy(path: str) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # start-up time
            return b"tool.argosy" in file.read()
    except OSError:
        return True  # reading it will say what is wrong


def _inside(config: Config, path: str) -> str:
    """Give a path as seen from a configuration's folder, with slashes."""
    return os.path.relpath(path, config.path.parent).replace(os.sep, "/")
