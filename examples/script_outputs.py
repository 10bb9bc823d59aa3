"""Scripts are plain functions: they use what the module has, and their results are the types that they declare."""

import statistics
from dataclasses import dataclass
from typing import NamedTuple

from argosy import script, when, workflow

THRESHOLD = 3.0


@dataclass
class Reading:
    sensor: str
    values: list[float]


class Summary(NamedTuple):
    mean: float
    worst: str
    alarming: bool


@script
def measure(sensors: list[str]) -> list[Reading]:
    return [Reading(sensor, [float(len(sensor)), 1.5, 2.0]) for sensor in sensors]


@script
def summarise(readings: list[Reading]) -> Summary:
    worst = max(readings, key=peak)
    mean = statistics.mean(value for reading in readings for value in reading.values)
    return Summary(mean, worst.sensor, peak(worst) > THRESHOLD)


def peak(reading: Reading) -> float:
    return max(reading.values)


@script
def alarm(sensor: str, mean: float) -> None:
    print(f"look at {sensor}: the mean is {mean:.1f}")


@workflow(generate_name="script-outputs-")
def script_outputs() -> None:
    readings = measure(["roof", "cellar"])
    summary = summarise(readings)
    with when(summary.alarming):
        alarm(summary.worst, summary.mean)
