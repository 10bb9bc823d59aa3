"""Kubernetes quantities in the form in which Kubernetes writes them (apimachinery resource.Quantity)."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

_FORM = re.compile(r"([+-]?)([0-9]+\.?[0-9]*|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?\Z")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = {-9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"}
_NANO = 10**9


def canonical(value: Any) -> Any:
    """Give a quantity's usual form: ``1024Mi`` is ``1Gi``, ``0.5`` is ``500m``; anything else stays as it is."""
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    match = _FORM.match(text) if isinstance(text, str) else None
    if match is None:
        return value
    suffix = match[3] or ""
    number = Fraction(match[2].rstrip(".") if not match[2].startswith(".") else "0" + match[2])
    exponential = suffix[:1] in ("e", "E") and len(suffix) > 1 and suffix != "Ei"
    if exponential:
        number *= Fraction(10) ** int(suffix[1:])
    elif suffix in _BINARY[1:]:
        number *= 1024 ** _BINARY.index(suffix)
    else:
        number *= Fraction(10) ** next(power for power, name in _DECIMAL.items() if name == suffix)
    nano = -(-number * _NANO // 1)  # what is smaller than nano is rounded up
    sign = "-" if match[1] == "-" and nano else ""
    if suffix in _BINARY[1:] and (nano == 0 or (nano % _NANO == 0 and nano >= 1024 * _NANO)):
        return sign + _shortest(nano // _NANO, 1024, _BINARY)
    return sign + _decimal(nano, exponential=exponential)


def _shortest(number: int, base: int, names: tuple[str, ...]) -> str:
    power = 0
    while number and number % base == 0 and power < len(names) - 1:
        number //= base
        power += 1
    return f"{number}{names[power]}"


def _decimal(nano: int, *, exponential: bool) -> str:
    power = -9
    if not nano:
        return "0"
    while nano % 1000 == 0 and power < 18:
        nano //= 1000
        power += 3
    if exponential:
        return f"{nano}e{power}" if power else str(nano)
    return f"{nano}{_DECIMAL[power]}"
