"""What all tests share: the interpreters they examine, and the rule that a run may forbid skips."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.compiler import Compiler
from tests.fake_driver import FakeDriver

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--forbid-skips", action="store_true", help="fail the run if any test was skipped")


def pytest_configure() -> None:
    """A run in the background is started with these signals ignored, and its children would inherit that: some tests send them."""
    for name, handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of a real GPU are for machines that have one; elsewhere they are not even skipped."""
    if any(Path(node).exists() for node in ("/dev/nvidiactl", "/dev/dxg", r"C:\Windows\System32\nvml.dll")):
        return
    passed_over = [item for item in items if item.get_closest_marker("gpu")]
    if passed_over:
        config.hook.pytest_deselected(items=passed_over)
        items[:] = [item for item in items if item not in passed_over]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--forbid-skips") and reporter is not None and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--forbid-skips") and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("Skips are forbidden in this run.", red=True)


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on what the person who runs it has set."""
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "NO_COLOR", "FORCE_COLOR", "PYTHONWARNINGS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def torch_python() -> str:
    """An interpreter of an environment with real torch and scikit-learn."""
    return _made_for_tests("TORCH")


@pytest.fixture(scope="session")
def computing_python() -> str:
    """An interpreter of an environment with the CPU builds of all frameworks that compute in one process."""
    return _made_for_tests("COMPUTING")


@pytest.fixture(scope="session")
def services_python() -> str:
    """An interpreter of an environment with the frameworks that start processes of their own, and a Java in its folder jre."""
    return _made_for_tests("SERVICES")


def _made_for_tests(name: str) -> str:
    found = os.environ.get(f"ENVCHECK_TEST_{name}")
    if not found:
        reason = os.environ.get(f"ENVCHECK_TEST_NO_{name}")
        pytest.skip(reason or f"ENVCHECK_TEST_{name} does not name an interpreter; `python3 tools/test.py` sets it")
    return found


def find_pythons() -> dict[str, str]:
    """The CPython interpreters of this machine, by version "3.8": those of pyenv, then those of PATH, then the one that runs the tests."""
    found = {"{}.{}".format(*sys.version_info[:2]): sys.executable}
    for folder in sorted(Path("~/.pyenv/versions").expanduser().glob("*")):
        found.setdefault(".".join(folder.name.split(".")[:2]), str(folder / "bin" / "python"))
    for minor in range(8, 16):
        if path := shutil.which(f"python3.{minor}"):
            found.setdefault(f"3.{minor}", path)
    return {version: path for version, path in found.items() if _answers(path)}


def _answers(path: str) -> bool:
    try:
        return subprocess.run([path, "-c", "pass"], check=False, capture_output=True, timeout=20).returncode == 0
    except OSError:
        return False


@pytest.fixture
def bare_venv(tmp_path: Path) -> Path:
    """A new virtual environment without pip."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder


@pytest.fixture(scope="session")
def fake_driver(tmp_path_factory: pytest.TempPathFactory) -> FakeDriver:
    """NVIDIA's driver libraries, which tell what a test writes for them."""
    return FakeDriver(tmp_path_factory.mktemp("fake-driver"))


@pytest.fixture(scope="session")
def compile_c(tmp_path_factory: pytest.TempPathFactory) -> Compiler:
    """Makes a shared library of C text."""
    return Compiler(tmp_path_factory.mktemp("compiler-cache"))
