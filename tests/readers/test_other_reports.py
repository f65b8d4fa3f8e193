"""Two reports in one text: on different machines the facts of one are judged, of one machine those of both."""

import pytest

from envcheck.readers.read import read_text

DESKTOP = """PyTorch version: 2.1.0+cu118
Is debug build: False
CUDA used to build PyTorch: 11.8
OS: Ubuntu 22.04.3 LTS (x86_64)
Python version: 3.10.12 (main, Jun 11 2023, 05:26:28) [GCC 11.4.0] (64-bit runtime)
Is CUDA available: True
GPU models and configuration: GPU 0: NVIDIA GeForce RTX 3090
Nvidia driver version: 535.129.03

Versions of relevant libraries:
[pip3] numpy==1.26.2
[pip3] torch==2.1.0+cu118
[pip3] xformers==0.0.22
"""
SERVER = """PyTorch version: 2.1.0+cu121
Is debug build: False
CUDA used to build PyTorch: 12.1
OS: CentOS Linux 7 (Core) (x86_64)
Python version: 3.9.18 (main, Sep 11 2023, 13:41:44) [GCC 11.2.0] (64-bit runtime)
Is CUDA available: False
GPU models and configuration: GPU 0: Tesla V100-SXM2-16GB
Nvidia driver version: 470.57.02

Versions of relevant libraries:
[pip3] torch==2.1.0+cu121
"""


def test_the_first_report_is_judged_where_nothing_is_said() -> None:
    snapshot = read_text(f"{SERVER}\nAnother user:\n\n{DESKTOP}")
    assert snapshot.nvidia.driver_version == "470.57.02"
    assert snapshot.builds["torch"].cuda_available is False
    assert snapshot.package("xformers") is None, "it is on the other machine"


@pytest.mark.parametrize("works", ["On my desktop it works:", "Working environment", "This one is fine:"])
@pytest.mark.parametrize("fails", ["On the server it fails:", "Does not work:", "Environment with the error"])
def test_the_one_that_fails_is_judged_where_both_are_named(works: str, fails: str) -> None:
    snapshot = read_text(f"{works}\n```\n{DESKTOP}```\n{fails}\n```\n{SERVER}```\n")
    assert snapshot.nvidia.driver_version == "470.57.02"
    assert snapshot.builds["torch"].cuda == "12.1"
    assert snapshot.builds["torch"].cuda_available is False
    assert [card.name for card in snapshot.accelerators] == ["Tesla V100-SXM2-16GB"]
    assert snapshot.package("numpy") is None
    assert {entry.scope for entry in snapshot.contradictions if entry.fact == "nvidia.driver_version"} == {"another report"}


def test_what_does_not_work_is_not_taken_for_what_works() -> None:
    snapshot = read_text(f"This does not work:\n{SERVER}\nThis works:\n{DESKTOP}")
    assert snapshot.nvidia.driver_version == "470.57.02"


def test_two_reports_that_say_the_same_are_one() -> None:
    second = SERVER.replace("[pip3] torch==2.1.0+cu121", "[pip3] torch==2.1.0+cu121\n[pip3] numpy==1.26.0")
    snapshot = read_text(f"{SERVER}\n\nand with all packages:\n\n{second}")
    package = snapshot.package("numpy")
    assert package is not None
    assert package.version == "1.26.0"


def test_reports_of_two_kinds_are_read_together() -> None:
    of_transformers = (
        "- `transformers` version: 4.35.0\n- Platform: Linux-3.10.0-x86_64-with-glibc2.17\n- PyTorch version (GPU?): 2.1.0+cu121 (False)\n"
    )
    snapshot = read_text(f"{of_transformers}\n{SERVER}")
    assert snapshot.package("transformers") is not None
    assert snapshot.nvidia.driver_version == "470.57.02"
