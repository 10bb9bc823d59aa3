"""Arithmetic of floats as Go does it, where Python raises or rounds otherwise."""

from __future__ import annotations

import math


def divide(a: float, b: float) -> float:
    """``a / b``; by zero it is infinite or NaN."""
    if b:
        return a / b
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)


def modulo(a: float, b: float) -> float:
    """``math.Mod``: the rest, with the sign of ``a``."""
    return math.nan if b == 0 or math.isinf(a) or math.isnan(a) or math.isnan(b) else math.fmod(a, b)


def power(x: float, y: float) -> float:
    """``math.Pow``."""
    if x not in (0, 1, -1) and math.isfinite(x) and abs(y) < 2**62 and abs(y) != 0.5 and (x > 0 or y == int(y)):
        return _finite_power(x, y)
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and y % 2 == 1 else math.inf
    except ValueError:  # Go gives these values where Python raises: 0 ** -1 and (-8) ** (1/3)
        if x == 0:
            return math.copysign(math.inf, x) if y % 2 == 1 and abs(y) < 2**53 else math.inf
        return math.nan


def _finite_power(x: float, y: float) -> float:
    """Multiply as Go does, by repeated squaring of the fraction: the last digit can differ from C's ``pow``."""
    fraction, whole = math.modf(abs(y))
    if fraction > 0.5:
        fraction, whole = fraction - 1, whole + 1
    result, exponent = (math.exp(fraction * math.log(x)) if fraction else 1.0), 0
    square, shift = math.frexp(x)
    left = int(whole)
    while left:
        if abs(shift) > 4096:  # far beyond what a float can hold
            exponent += shift
            break
        if left & 1:
            result, exponent = result * square, exponent + shift
        square, shift = square * square, shift * 2
        if square < 0.5:
            square, shift = square * 2, shift - 1
        left >>= 1
    if y < 0:
        result, exponent = 1 / result, -exponent
    try:
        return math.ldexp(result, exponent)
    except OverflowError:
        return math.copysign(math.inf, result)
