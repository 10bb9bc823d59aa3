"""Sprig's arithmetic: integers of 64 bits that wrap, floats added as decimals."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from argosy.errors import LanguageError
from argosy.language.function import Function
from argosy.language.gomath import power
from argosy.language.gotext import format_value
from argosy.language.gotypes import Int64, IntList
from argosy.language.sprig.values import atoi, entry, to_float, to_int, too_many, wrap64
from argosy.language.world import chance
from argosy.later import regex


def _int64(number: int) -> Int64:
    return Int64(wrap64(number))


def _add(*values: Any) -> Int64:
    return _int64(sum(map(to_int, values)))


def _mul(first: Any, *rest: Any) -> Int64:
    product = to_int(first)
    for value in rest:
        product = wrap64(product * to_int(value))
    return Int64(product)


def _div(a: Any, b: Any) -> Int64:
    dividend, divisor = to_int(a), to_int(b)
    if divisor == 0:
        raise LanguageError("runtime error: integer divide by zero")
    quotient = abs(dividend) // abs(divisor)
    return _int64(quotient if (dividend < 0) == (divisor < 0) else -quotient)


def _mod(a: Any, b: Any) -> Int64:
    dividend, divisor = to_int(a), to_int(b)
    if divisor == 0:
        raise LanguageError("runtime error: integer divide by zero")
    rest = abs(dividend) % abs(divisor)
    return Int64(-rest if dividend < 0 else rest)


def _decimal(value: Any) -> Decimal:
    number = to_float(value) + 0.0  # decimals have no negative zero
    if not math.isfinite(number):
        raise LanguageError(f"Cannot create a Decimal from {format_value(number)}")
    return Decimal(repr(number))


def _fold(operation: Callable[[Decimal, Decimal], Decimal], first: Any, rest: tuple[Any, ...]) -> float:
    with localcontext() as context:
        context.prec = 2000
        total = _decimal(first)
        for value in rest:
            total = operation(total, _decimal(value))
        return float(total) or 0.0


def _quotient(a: Decimal, b: Decimal) -> Decimal:
    if b == 0:
        raise LanguageError("decimal division by 0")
    return (a / b).quantize(Decimal("1e-16"), rounding=ROUND_HALF_UP)


def _maxf(first: Any, *rest: Any) -> float:
    numbers = [to_float(first), *map(to_float, rest)]
    return math.nan if any(map(math.isnan, numbers)) and math.inf not in numbers else max(numbers, key=_order)


def _minf(first: Any, *rest: Any) -> float:
    numbers = [to_float(first), *map(to_float, rest)]
    return math.nan if any(map(math.isnan, numbers)) and -math.inf not in numbers else min(numbers, key=_order)


def _order(number: float) -> tuple[float, float]:
    return (0.0 if math.isnan(number) else number, math.copysign(1, number))


def _whole(rounding: Callable[[float], int], value: Any) -> float:
    number = to_float(value)
    return math.copysign(rounding(number), number) if math.isfinite(number) else number


def _round(value: Any, places: int, *at: float) -> float:
    number = to_float(value)
    scale = power(10, places)
    moved = scale * number
    if not math.isfinite(moved) or scale == 0:
        return math.nan if scale == 0 or math.isinf(scale) or math.isnan(moved) else moved / scale
    fraction = math.modf(moved)[0]
    whole = math.ceil(moved) if fraction >= (at[0] if at else 0.5) else math.floor(moved)
    return math.copysign(whole, moved) / scale


_OCTAL = regex(r"[+-]?[0-7]+\Z")


def _to_decimal(value: Any) -> Int64:
    text = format_value(value)
    number = int(text, 8) if len(text) < 30 and _OCTAL.match(text) else 0
    return Int64(number if -(2**63) <= number < 2**63 else 0)


def _until_step(start: int, stop: int, step: int) -> IntList:
    if (stop < start and step >= 0) or (stop >= start and step <= 0):
        return IntList()
    numbers = range(start, stop, step)
    too_many(abs(stop - start) / abs(step))
    return IntList(numbers)


def _seq(*numbers: int) -> str:
    if not numbers or len(numbers) > 3:
        return ""
    start, stop = (1 if len(numbers) == 1 else numbers[0]), numbers[-1]
    direction = -1 if stop < start else 1
    step = numbers[1] if len(numbers) == 3 else direction
    if len(numbers) == 3 and stop < start and step > 0:
        return ""
    return " ".join(map(str, _until_step(start, stop + direction, step)))


def _rand_int(low: int, high: int) -> int:
    if high <= low:
        raise LanguageError("invalid argument to Intn")
    return chance().randrange(low, high)


_T = "math"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, atoi, "atoi(text string) int", "Reads an integer, 0 if it is none.", "sprig.atoi('42')", "42"),
    *entry(_T, lambda v: Int64(to_int(v)), "int64(value any) int64", "Converts to an integer of 64 bits.",
           "sprig.int64('42')", "42"),
    *entry(_T, to_int, "int(value any) int", "Converts to an integer.", "sprig.int(4.9)", "4"),
    *entry(_T, to_float, "float64(value any) float64", "Converts to a float.", "sprig.float64('1.5')", "1.5"),
    *entry(_T, _seq, "seq(numbers ...int) string",
           "Writes a sequence: to an end, from a start, with a step in the middle.", "sprig.seq(1, 2, 5)", "'1 3 5'"),
    *entry(_T, _to_decimal, "toDecimal(value any) int64", "Reads an octal number.", "sprig.toDecimal('0777')", "511"),
    *entry(_T, lambda count: _until_step(0, count, -1 if count < 0 else 1), "until(count int) list",
           "Lists the integers from 0 up to a count.", "sprig.until(3)", "[0, 1, 2]"),
    *entry(_T, _until_step, "untilStep(start int, stop int, step int) list", "Lists integers by a step.",
           "sprig.untilStep(0, 5, 2)", "[0, 2, 4]"),
    *entry(_T, lambda v: _int64(to_int(v) + 1), "add1(value any) int64", "Adds one.", "sprig.add1(1)", "2"),
    *entry(_T, _add, "add(values ...any) int64", "Adds integers.", "sprig.add(1, '2')", "3"),
    *entry(_T, lambda a, b: _int64(to_int(a) - to_int(b)), "sub(a any, b any) int64", "Subtracts integers.",
           "sprig.sub(5, 2)", "3"),
    *entry(_T, _div, "div(a any, b any) int64", "Divides integers.", "sprig.div(7, 2)", "3"),
    *entry(_T, _mod, "mod(a any, b any) int64", "Gives the rest of a division.", "sprig.mod(7, 3)", "1"),
    *entry(_T, _mul, "mul(first any, rest ...any) int64", "Multiplies integers.", "sprig.mul(2, 3, 4)", "24"),
    *entry(_T, _rand_int, "randInt(low int, high int) int", "Gives a random integer from low up to high.",
           "sprig.randInt(1, 2)", "1"),
    *entry(_T, lambda v: _fold(Decimal.__add__, v, (1,)), "add1f(value any) float64", "Adds one to a float.",
           "sprig.add1f(1.5)", "2.5"),
    *entry(_T, lambda *v: _fold(Decimal.__add__, 0.0, v), "addf(values ...any) float64", "Adds floats.",
           "sprig.addf(0.1, 0.2)", "0.3"),
    *entry(_T, lambda a, *v: _fold(Decimal.__sub__, a, v), "subf(first any, rest ...any) float64", "Subtracts floats.",
           "sprig.subf(7.5, 2, 3)", "2.5"),
    *entry(_T, lambda a, *v: _fold(_quotient, a, v), "divf(first any, rest ...any) float64", "Divides floats.",
           "sprig.divf(10, 4)", "2.5"),
    *entry(_T, lambda a, *v: _fold(Decimal.__mul__, a, v), "mulf(first any, rest ...any) float64", "Multiplies floats.",
           "sprig.mulf(1.5, 2)", "3.0"),
    *entry(_T, lambda a, *v: Int64(max(map(to_int, (a, *v)))), "max(first any, rest ...any) int64",
           "Gives the largest integer.", "sprig.max(1, 3, 2)", "3", "biggest"),
    *entry(_T, lambda a, *v: Int64(min(map(to_int, (a, *v)))), "min(first any, rest ...any) int64",
           "Gives the smallest integer.", "sprig.min(4, 2)", "2"),
    *entry(_T, _maxf, "maxf(first any, rest ...any) float64", "Gives the largest float.", "sprig.maxf(1.5, 3)", "3.0"),
    *entry(_T, _minf, "minf(first any, rest ...any) float64", "Gives the smallest float.", "sprig.minf(1.5, 3)", "1.5"),
    *entry(_T, lambda v: _whole(math.ceil, v), "ceil(value any) float64", "Rounds up.", "sprig.ceil(1.1)", "2.0"),
    *entry(_T, lambda v: _whole(math.floor, v), "floor(value any) float64", "Rounds down.", "sprig.floor(1.9)", "1.0"),
    *entry(_T, _round, "round(value any, places int, from ...float64) float64",
           "Rounds to so many places, up from a fraction of 0.5 or the one given.", "sprig.round(1.2345, 2)", "1.23"),
]
# fmt: on
