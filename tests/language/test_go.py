"""Go's ways of writing and reading: quotes, numbers, JSON, times."""

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.errors import LanguageError
from argosy.language import gotime
from argosy.language.gotext import atoi, format_float, format_value, marshal, parse_float, quote, trim_space
from argosy.language.gotypes import NilList


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1, "0.1"),
        (100000.0, "100000"),
        (1e6, "1e+06"),
        (1.5e-5, "1.5e-05"),
        (-0.0, "-0"),
        (123456789.0, "1.23456789e+08"),
        (1e100, "1e+100"),
    ],
)
def test_floats_as_text(number: float, text: str) -> None:
    assert format_float(number) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1, "a", None], "[1 a <nil>]"),
        ({"b": 1, "a": [True]}, "map[a:[true] b:1]"),
        (timedelta(minutes=90), "1h30m0s"),
        (timedelta(milliseconds=-1500), "-1.5s"),
        (datetime(2024, 3, 5, 1, 2, 3, 500000, tzinfo=UTC), "2024-03-05 01:02:03.5 +0000 UTC"),
    ],
)
def test_values_as_text(value: Any, text: str) -> None:
    assert format_value(value) == text


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('a"b', '"a\\"b"'),
        ("\x00\x7f\x07", '"\\x00\\x7f\\a"'),
        ("é\u00a0\ufeff", '"é\\u00a0\\ufeff"'),
        ("\U000e0001", '"\\U000e0001"'),
    ],
)
def test_quoting(text: str, quoted: str) -> None:
    assert quote(text) == quoted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": "<&>"}, '{"a":"\\u003c\\u0026\\u003e","b":1}'),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
        (3.0, "3"),
        (b"hi", '"aGk="'),
        (timedelta(seconds=1), "1000000000"),
        (datetime(1, 1, 1, tzinfo=UTC), '"0001-01-01T00:00:00Z"'),
        (NilList(), "null"),
        ([], "[]"),
    ],
)
def test_json(value: Any, text: str) -> None:
    assert marshal(value) == text


def test_json_refuses_what_go_refuses() -> None:
    for value in (float("inf"), float("nan"), print):
        with pytest.raises(LanguageError):
            marshal(value)


def test_space_is_gos() -> None:
    assert trim_space("\x1c\u00a0 a\u3000") == "\x1c\u00a0 a"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1e3", 1000.0),
        ("0x1p-2", 0.25),
        ("1_000", 1000.0),
        ("inf", float("inf")),
        (" 1", None),
        ("1e999", None),
        ("0x10", None),
        ("", None),
        ("1__0", None),
    ],
)
def test_reading_floats(text: str, number: float | None) -> None:
    assert parse_float(text) == number


@pytest.mark.parametrize(
    ("layout", "text", "seconds"),
    [
        ("2006-01-02", "2024-03-05", 1709596800),
        ("Mon, 02 Jan 2006 15:04:05 MST", "Tue, 05 Mar 2024 10:00:00 UTC", 1709632800),
        ("2006-01-02T15:04:05Z07:00", "2024-03-05T10:00:00.25+02:00", 1709625600),
        ("3:04PM", "10:30AM", -62167181400),
        ("2006 002", "2024 065", 1709596800),
        ("Jan _2 06", "Mar  5 24", 1709596800),
    ],
)
def test_reading_times(layout: str, text: str, seconds: int) -> None:
    assert gotime.parse(layout, text).unix() == seconds


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("2006-01-02", "2024-02-30"),
        ("2006-01-02", "2024-1-2"),
        ("15:04", "24:00"),
        ("2006", "2024 "),
        ("MST", "utc"),
        ("2006 002", "2023 366"),
    ],
)
def test_what_does_not_have_the_layout(layout: str, text: str) -> None:
    with pytest.raises(gotime.BadTime):
        gotime.parse(layout, text)


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [("1h30m", 5400 * 10**9), ("-1.5s", -1500000000), ("0", 0), ("1us", 1000), (".5ms", 500000), ("+2m", 120 * 10**9)],
)
def test_reading_durations(text: str, nanoseconds: int) -> None:
    assert gotime.parse_duration(text) == nanoseconds


@pytest.mark.parametrize("text", ["", "1", "h", "1d", "1h ", "--1s", "9999999999h", "."])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(gotime.BadTime):
        gotime.parse_duration(text)


@given(st.datetimes(min_value=datetime(1000, 1, 1)))  # noqa: DTZ001 - made aware below
def test_times_survive_writing_and_reading(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    layout = "Monday, January 2, 2006 at 03:04:05.000000 PM -07:00"
    assert gotime.parse(layout, gotime.format(layout, aware)).to_datetime() == aware


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_layout_and_text_give_a_time_or_bad_time(layout: str, text: str) -> None:
    for pattern in (layout, "2006-01-02" + layout):
        with contextlib.suppress(gotime.BadTime):
            gotime.parse(pattern, text)
        assert isinstance(gotime.format(pattern, datetime(2024, 3, 5, tzinfo=UTC)), str)


def test_a_time_of_day_alone_is_in_the_year_zero() -> None:
    moment = gotime.parse("15:04", "10:30").to_datetime()
    assert marshal(moment) == '"0000-01-01T10:30:00Z"'
    assert gotime.format("Mon 15:04 2006", moment + timedelta(minutes=15)) == "Sat 10:45 0000"
    assert gotime.unix(moment) == -62167181400


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("+5", 5),
        ("-0", 0),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("-" + "9" * 5000, None),
    ]
    + [(text, None) for text in ("", "+", "1_0", "5s", " 5", "\u0665")],
)
def test_whole_numbers_as_atoi_reads_them(text: str, number: int | None) -> None:
    assert atoi(text) == number
