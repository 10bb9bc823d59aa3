"""Virtual time: a clock that jumps, and the queue that tells it where to."""

from __future__ import annotations

import heapq
from collections.abc import Callable

Event = Callable[[], None]
"""Something that happens at a moment: called with nothing, it does its work."""


class Clock:
    """The kernel of a simulation: a heap of ``(time, priority, sequence, event)``.

    Times are seconds since the Unix epoch. What is due at one time happens by priority (lower first), and then
    in the order in which it was queued: there is no other source of order, and so no chance.
    """

    __slots__ = ("_heap", "_sequence", "now")

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self._heap: list[tuple[float, int, int, Event]] = []
        self._sequence = 0

    def at(self, time: float, event: Event, priority: int = 0) -> None:
        """Queue an event for a moment; one in the past happens now."""
        self._sequence += 1
        heapq.heappush(self._heap, (time if time > self.now else self.now, priority, self._sequence, event))

    def after(self, delay: float, event: Event, priority: int = 0) -> None:
        """Queue an event for so many seconds from now."""
        self.at(self.now + delay, event, priority)

    def next(self) -> float | None:
        """Give the time of the next event, or None if there is none."""
        return self._heap[0][0] if self._heap else None

    def step(self) -> None:
        """Move to the next event and let it happen. Raises IndexError when there is none."""
        self.now, _, _, event = heapq.heappop(self._heap)
        event()
