"""What is said once about each function of a language: how it is called, what it is for, and an example that is run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

Value = Any
"""A value of Argo's languages: int, float, str, bool, None, bytes, list, dict, aware datetime, timedelta."""


class Function(Struct, frozen=True):
    """One function, for the evaluator and for the reference page.

    ``signature`` is what people read (``split(text, separator, limit?) -> array``); ``summary`` is one sentence without
    markup; ``example`` is an expression as it would be written in ``{{= }}``, and ``result`` what it gives, written as
    an expression too (so ``example == result`` holds), or ``error`` where the point is that it fails, or empty where
    the result differs from call to call.
    """

    name: str
    call: Callable[..., Value]
    signature: str
    summary: str
    example: str
    result: str
    theme: str = ""
