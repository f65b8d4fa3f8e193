"""Environments to be examined, and calls of envcheck in a process of their own."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.examined import Environment, run_envcheck


@pytest.fixture
def environment(bare_venv: Path) -> Environment:
    """An empty one."""
    return Environment(bare_venv)


@pytest.fixture
def target(environment: Environment) -> Environment:
    """One that has pandas, which the doctor does not import."""
    environment.add("pandas", "3.1.1")
    return environment


@pytest.fixture
def call() -> Any:
    """`run_envcheck`, for tests that examine nothing of their own."""
    return run_envcheck
