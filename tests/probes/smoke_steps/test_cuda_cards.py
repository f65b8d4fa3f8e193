import subprocess
import sys
from pathlib import Path

import pytest

from envcheck.shipped import folder
from tests.fake_driver import FakeDriver, recorded, written

_COUNT = """
import sys, types
package = types.ModuleType("envcheck_probes")
package.__path__ = [sys.argv[1]]
sys.modules["envcheck_probes"] = package
from envcheck_probes.smoke_steps.cuda_cards import count_cards
print(count_cards())
"""


def count(variables: dict[str, str]) -> int:
    done = subprocess.run(
        [sys.executable, "-c", _COUNT, str(folder("probes"))], env=variables, capture_output=True, text=True, timeout=60, check=True
    )
    return int(done.stdout)


@pytest.mark.parametrize(("visible", "cards"), [({}, 1), ({"CUDA_VISIBLE_DEVICES": "-1"}, 0)])
def test_the_driver_counts_what_this_process_may_see(fake_driver: FakeDriver, tmp_path: Path, visible: dict[str, str], cards: int) -> None:
    assert count({**fake_driver.variables(written(tmp_path, recorded("h200")), "cuda"), **visible}) == cards


def test_where_the_library_is_none_there_are_none(tmp_path: Path) -> None:
    (tmp_path / "libcuda.so.1").write_text("no library")
    assert count({"LD_LIBRARY_PATH": str(tmp_path)}) == 0
