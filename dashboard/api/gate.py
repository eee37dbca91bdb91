"""How much work runs at a time and how much may wait: the pages in the same process must stay quick."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

R = TypeVar("R")


class BusyError(Exception):
    """All places are taken; `wait_seconds` says after how long one may be free."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"busy, ask again in {wait_seconds} s")
        self.wait_seconds = wait_seconds


class Gate:
    """Worker threads of its own, and a queue of a stated length before them."""

    def __init__(self, running: int, waiting: int, wait_seconds: int = 1) -> None:
        self.running, self.waiting = running, waiting
        self._wait_seconds = wait_seconds
        self._threads = ThreadPoolExecutor(running, thread_name_prefix="api")
        self._inside = 0

    async def run(self, work: Callable[[], R]) -> R:
        """Do the work in a thread; BusyError at once where running and waiting places are taken."""
        if self._inside >= self.running + self.waiting:
            raise BusyError(self._wait_seconds)
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._inside -= 1
