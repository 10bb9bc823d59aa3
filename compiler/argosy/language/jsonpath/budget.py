"""A bound on the work of one query, so that a short path over a large document cannot run on and on."""

from __future__ import annotations

from argosy.errors import LanguageError

MAX_STEPS = 300_000


class Budget:
    """Steps that are left."""

    def __init__(self) -> None:
        self.left = MAX_STEPS

    def spend(self, steps: int = 1) -> None:
        """Take steps. Raises OutOfBudgetError when none are left."""
        self.left -= steps
        if self.left < 0:
            raise OutOfBudgetError(f"the JSONPath query takes more than {MAX_STEPS} steps")


class OutOfBudgetError(LanguageError):
    """The query takes too long; unlike other errors it is never skipped over."""
