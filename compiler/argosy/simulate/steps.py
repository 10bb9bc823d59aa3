"""The steps of the world, one at a time: each waits until the controller has recorded it before the next begins.

So one event is one reconciliation. What is due at once goes first come, first served, and before anything that was put
off for a while; that goes by the time at which it is due. In a cluster, what is due at once goes in any order: with a
source of chance, which the seed of a run sets, it does so here, too.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from random import Random

from argosy.simulate.clock import Clock

Step = Callable[[], object]

PATIENCE = 4.0
"""How long a step waits for the controller to record it."""


class Steps:
    """The queue of steps for one workflow.

    A step may end in :meth:`wait`; the next then begins after :meth:`recorded`, which follows each reconciliation.
    """

    def __init__(self, clock: Clock, listening: Callable[[], bool], races: Random | None = None) -> None:
        self.clock = clock
        self._races = races
        """Chooses among steps that are due at once; None: first come, first served."""
        self._listening = listening
        """Whether a reconciliation is due now."""
        self._ready: deque[Step] = deque()
        self._put_off: list[tuple[float, float, int, Step]] = []
        """Steps with the time at which they are due, their rank among those of that time, and a number."""
        self._sequence = 0
        self._waits_for: Callable[[], bool] | None = None
        self._then: Step | None = None
        self._serial = 0
        self._held = 0
        self._called = False

    def at(self, delay: float, step: Step) -> None:
        """Queue a step; with no delay it comes before all that was put off."""
        if delay > 0:
            self._sequence += 1
            due = self.clock.now + delay
            rank = self._races.random() if self._races is not None else 0.0
            heapq.heappush(self._put_off, (due, rank, self._sequence, step))
            self.clock.at(due, self.run)
            return
        self._ready.append(step)
        if not self._called:
            self._called = True
            self.clock.at(self.clock.now, self._call)

    def _call(self) -> None:
        self._called = False
        self.run()

    def run(self) -> None:
        """Take steps as long as one is due and none waits."""
        while self._waits_for is None and not self._held:
            if self._ready:
                if self._races is not None and len(self._ready) > 1:
                    self._ready.rotate(self._races.randrange(len(self._ready)))
                self._ready.popleft()()
            elif self._put_off and self._put_off[0][0] <= self.clock.now:
                heapq.heappop(self._put_off)[3]()
            else:
                return

    def wait(self, done: Callable[[], bool], then: Step | None = None) -> None:
        """End a step: the next begins when the controller has recorded this one, or after a while."""
        if not self._held and done():
            if then:
                then()
            return
        self._serial += 1
        self._waits_for, self._then = done, then
        if not self._listening():
            self._lose_patience()

    def recorded(self) -> None:
        """Go on if what the current step waits for has been recorded: called after each reconciliation."""
        if self._waits_for is None:
            self.run()
        elif not self._held:
            if self._waits_for():
                self._go_on()
            else:
                self._lose_patience()

    def hold(self) -> None:
        """Keep steps back while an action is being digested."""
        self._held += 1

    def release(self) -> None:
        """End a :meth:`hold`."""
        self._held -= 1
        self.recorded()

    @property
    def held(self) -> bool:
        """Whether steps are kept back."""
        return self._held > 0

    def idle(self) -> bool:
        """Say whether no step is due now or under way."""
        return self._waits_for is None and not self._ready

    def nothing_ahead(self) -> bool:
        """Say whether there is no step at all, now or later."""
        return self.idle() and not self._put_off

    def _lose_patience(self) -> None:
        serial = self._serial

        def stop_waiting() -> None:
            if self._waits_for is not None and self._serial == serial:
                self._go_on()

        self.clock.after(PATIENCE, stop_waiting, 1)

    def _go_on(self) -> None:
        then = self._then
        self._waits_for = self._then = None
        self._serial += 1
        if then:
            then()
        self.run()
