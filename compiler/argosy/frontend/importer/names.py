"""Python names for Argo's: what is no identifier becomes one, and each name is used once."""

from __future__ import annotations

import builtins
import keyword
import re
from dataclasses import dataclass, field

_OURS = """
    Artifact Exit Parameter arguments artifact cluster_workflow_template code command container container_set
    cron_workflow dag data_template each http manifest parallel plugin program raw_template raw_workflow request
    resource sh steps supplied suspend template_ref workflow workflow_of workflow_template
"""
_TAKEN = frozenset(dir(builtins)) | {"argosy", "run", "Annotated", "Any", "Path", "NamedTuple", *_OURS.split()}


def identifier(name: str) -> str:
    """Give a Python name that resembles another name.

    >>> identifier("say-hello"), identifier("2nd"), identifier("class")
    ('say_hello', 'n2nd', 'class_')
    """
    made = re.sub(r"\W", "_", name, flags=re.ASCII).strip("_") or "name"
    if made[0].isdigit():
        made = f"n{made}"
    return f"{made}_" if keyword.iskeyword(made) else made


@dataclass(slots=True)
class Names:
    """The names of one scope."""

    taken: set[str] = field(default_factory=set)

    def new(self, name: str) -> str:
        """Give an identifier for a name that nothing else in the scope has."""
        base = identifier(name)
        if base in _TAKEN:
            base = f"{base}_"
        made, count = base, 2
        while made in self.taken:
            made, count = f"{base}_{count}", count + 1
        self.taken.add(made)
        return made


def camel_case(name: str) -> str:
    """Give the name of a class.

    >>> camel_case("gen-params")
    'GenParams'
    """
    return "".join(part.capitalize() for part in identifier(name).split("_") if part)
