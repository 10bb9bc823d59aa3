"""Quantities of Kubernetes, as numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache


@cache
def _suffixes() -> dict[str, Decimal]:
    decimal = {
        letter: Decimal(10) ** power
        for letter, power in zip("numkMGTPE", (-9, -6, -3, 3, 6, 9, 12, 15, 18), strict=True)
    }
    return decimal | {f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", 1)}


def amount(text: str | int | float) -> Decimal | None:
    """Give the number that a quantity is: ``100m``, ``1.5Gi``, ``1e3``; None for what is none.

    Source: Kubernetes, ``apimachinery/pkg/api/resource`` (``Quantity``).
    """
    written = str(text).strip()
    suffix = next((one for one in (written[-2:], written[-1:]) if one in _suffixes()), "")
    try:
        number = Decimal(written.removesuffix(suffix))
    except InvalidOperation:
        return None
    return number * _suffixes().get(suffix, Decimal(1)) if number.is_finite() else None
