"""A server on this machine for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.loopback import Loopback, running


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as started:
        yield started


@pytest.fixture
def guarded() -> Iterator[Loopback]:
    """A second server that nothing may reach."""
    with running() as started:
        yield started
        assert started.connections == 0
