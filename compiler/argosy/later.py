"""What is made when it is first used: regular expressions, of which a run of ``argosy lint`` needs a third.

Compiling takes Python up to half a millisecond for each.
"""

from __future__ import annotations

import re
from typing import Any, cast

_compile = re.compile


class _Later:
    """A pattern whose methods are there once one of them is asked for."""

    def __init__(self, text: str, flags: int) -> None:
        self._given = (text, flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(_compile(*self._given), name)
        setattr(self, name, found)  # found without this function from now on
        return found


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """Give what ``re.compile`` gives, as far as its methods go; a fault in the text shows when it is first used.

    >>> regex("a+").sub("b", "caat")
    'cbt'
    """
    return cast("re.Pattern[str]", _Later(text, int(flags)))
