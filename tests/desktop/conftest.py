"""A message bus of the test's own."""

import subprocess
from collections.abc import Iterator

import pytest


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a bus that ends with the test."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.communicate()
