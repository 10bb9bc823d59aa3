"""Times in Go's layouts: the reference time ``Mon Jan 2 15:04:05 MST 2006`` written as the text should look.

After Go 1.26 ``time/format.go``. Local time is UTC, as it is for Argo's controller.
"""

from argosy.language.gotime.durations import parse_duration
from argosy.language.gotime.layout import DAYS, MONTHS, RFC3339, chunks
from argosy.language.gotime.moment import BadTime, Moment, YearZero, at, unix
from argosy.language.gotime.reading import parse
from argosy.language.gotime.writing import format, zone_name

__all__ = [
    "DAYS",
    "MONTHS",
    "RFC3339",
    "BadTime",
    "Moment",
    "YearZero",
    "at",
    "chunks",
    "format",
    "parse",
    "parse_duration",
    "unix",
    "zone_name",
]
