"""Unit tests for the task runner: stale results, serial writes, progress."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from reader.model.errors import LibraryError, ReaderError
from reader.ui.tasks import TaskRunner
from tests.ui.conftest import until


class TaskScreen(Screen[None]):
    """A screen with a task runner and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[ReaderError] = []
        self.tasks = TaskRunner(self, self.errors.append)


class TaskApp(App[None]):
    def get_default_screen(self) -> TaskScreen:
        return TaskScreen()


@pytest.fixture
def app() -> TaskApp:
    return TaskApp()


def tasks_of(pilot: Pilot[Any]) -> TaskRunner:
    screen = pilot.app.screen
    assert isinstance(screen, TaskScreen)
    return screen.tasks


def blocked(event: Event, value: str) -> Callable[[], str]:
    """A function that returns the value once the event is set."""

    def wait() -> str:
        event.wait(10)
        return value

    return wait


async def test_only_the_latest_of_a_group_is_answered(app: TaskApp) -> None:
    """A result that a later task of its group has overtaken is dropped."""
    slow, fast, results = Event(), Event(), list[str]()
    fast.set()
    async with app.run_test() as pilot:
        tasks = tasks_of(pilot)
        tasks.run_latest("list", blocked(slow, "stale"), results.append)
        tasks.run_latest("list", blocked(fast, "new"), results.append)
        tasks.run_latest("other", blocked(fast, "other"), results.append)
        await until(pilot, lambda: len(results) == 2)
        slow.set()
        await pilot.pause(0.1)
        assert sorted(results) == ["new", "other"]


async def test_queued_tasks_run_one_at_a_time_and_only_the_newest_waits(app: TaskApp) -> None:
    """Of tasks that arrive while one runs, only the last one is run."""
    first, ran, results = Event(), list[str](), list[str]()

    def task(name: str) -> Callable[[], str]:
        def run() -> str:
            ran.append(name)
            if name == "one":
                first.wait(10)
            return name

        return run

    async with app.run_test() as pilot:
        tasks = tasks_of(pilot)
        for name in ("one", "two", "three"):
            tasks.queue_latest("list", task(name), results.append)
        await until(pilot, lambda: ran == ["one"])
        first.set()
        await until(pilot, lambda: results == ["three"])
        assert ran == ["one", "three"]


async def test_writes_keep_their_order_and_none_is_dropped(app: TaskApp) -> None:
    """Each write starts after the one before it has ended."""
    ran, results = list[int](), list[int]()

    def write(number: int) -> Callable[[], int]:
        def run() -> int:
            ran.append(number)
            return number

        return run

    async with app.run_test() as pilot:
        tasks = tasks_of(pilot)
        for number in range(20):
            tasks.run_serial(write(number), results.append)
        assert tasks.has_pending_writes
        await until(pilot, lambda: len(results) == 20)
        assert ran == results == list(range(20))
        assert not tasks.has_pending_writes


async def test_after_writes_waits_for_the_last_write(app: TaskApp) -> None:
    """What waits for the writes runs once all are done, at once if there are none."""
    gate, order = Event(), list[str]()
    async with app.run_test() as pilot:
        tasks = tasks_of(pilot)
        tasks.after_writes(lambda: order.append("idle"))
        tasks.run_serial(blocked(gate, "write"), order.append)
        tasks.after_writes(lambda: order.append("after"))
        await pilot.pause(0.05)
        assert order == ["idle"]
        gate.set()
        await until(pilot, lambda: len(order) == 3)
        assert set(order[1:]) == {"write", "after"}


async def test_a_failed_write_is_reported_and_the_next_one_runs(app: TaskApp) -> None:
    """An error goes to its own handler, else to the runner's; the queue moves on."""
    own, results = list[ReaderError](), list[str]()

    def fail() -> str:
        raise LibraryError("the disk is full")

    async with app.run_test() as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, TaskScreen)
        screen.tasks.run_serial(fail, results.append)
        screen.tasks.run_serial(fail, results.append, own.append)
        screen.tasks.run_serial(lambda: "done", results.append)
        await until(pilot, lambda: results == ["done"])
        assert [str(error) for error in (*screen.errors, *own)] == ["the disk is full"] * 2


async def test_a_failing_disk_is_an_error_like_any_other(app: TaskApp) -> None:
    """The task does not expect it: it is shown, and the app goes on."""

    def fail() -> str:
        raise PermissionError(13, "Permission denied", "/library/\x1b")

    async with app.run_test() as pilot:
        answers: list[str] = []
        tasks = tasks_of(pilot)
        tasks.run_latest("list", fail, answers.append)
        tasks.run_serial(fail, answers.append)
        tasks.run_serial(lambda: "saved", answers.append)
        await until(pilot, lambda: answers == ["saved"])
        screen = pilot.app.screen
        assert isinstance(screen, TaskScreen)
        await until(pilot, lambda: len(screen.errors) == 2)
        assert {str(error) for error in screen.errors} == {"Permission denied: /library/"}


async def test_a_discarded_task_is_not_answered(app: TaskApp) -> None:
    gate, results = Event(), list[str]()
    async with app.run_test() as pilot:
        tasks = tasks_of(pilot)
        tasks.run_latest("article", blocked(gate, "text"), results.append)
        tasks.discard("article")
        gate.set()
        await pilot.pause(0.2)
        assert results == []
