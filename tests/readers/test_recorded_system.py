"""Every recorded output of system tools, alone and between other text: what a right reader must find, or by name why nothing is asked.

The recordings stand beside the repository; without them there is nothing to compare with.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envcheck.facts.snapshot import Completeness, Snapshot, Toolkit
from envcheck.readers.read import read_text
from envcheck.toml_text import parse_toml

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"
TOOLS = ("lspci", "lsmod", "proc-driver-nvidia", "cuda-toolkit", "python-packages")
FOLDERS = sorted(path for tool in TOOLS for path in (RECORDINGS / tool).glob("*") if path.is_dir())
pytestmark = pytest.mark.skipif(not FOLDERS, reason="the recordings are not beside the repository")

# What has no place among the facts, and why.
NOT_ASKED = {
    "builds": "conda search lists what could be installed, and nothing of it is",
    "finding": "a judgement, which is the rules'",
    "torch_cuda_tag": "the build's CUDA, compared as `torch`",
    "gpu_capable_machine": "nothing in the list of packages tells it",
    "build_string": "compared as `pytorch`",
}
BEFORE = "Hello, this is what I see on my machine:\n\n```\nuser@box:~$ some-command --of-mine\n"
AFTER = "\n```\nand then torch says: RuntimeError: no luck. Thanks!\n"


def toolkit(facts: Snapshot, name: str) -> Toolkit:
    return next(toolkit for toolkit in facts.toolkits if toolkit.name == name)


def version_of(facts: Snapshot, name: str) -> Any:
    package = facts.package(name)
    return package.version if package is not None else None


# One place for what each key of [expect] means among the facts.
FACTS: dict[str, Callable[[Snapshot], Any]] = {
    "nvidia_modules": lambda facts: [name for name in facts.modules if name.startswith("nvidia")],
    "nouveau_loaded": lambda facts: "nouveau" in facts.modules,
    "driver_version": lambda facts: facts.nvidia.kernel_module_version,
    "open_kernel_module": lambda facts: facts.nvidia.open_kernel_module,
    "cudnn": lambda facts: toolkit(facts, "cudnn").version,
    "release": lambda facts: ".".join(str(toolkit(facts, "cuda").version).split(".")[:2]),
    "version": lambda facts: toolkit(facts, "cuda").version,
    "cuda": lambda facts: toolkit(facts, "cuda").version if facts.toolkits else facts.builds["torch"].cuda,
    "cudart": lambda facts: toolkit(facts, "cudart").version,
    "cublas": lambda facts: toolkit(facts, "cublas").version,
    "torch": lambda facts: version_of(facts, "torch"),
    "pytorch": lambda facts: version_of(facts, "torch"),
    "channel": lambda facts: getattr(facts.package("torch"), "channel", None),
    "cuda_runtime_wheel": lambda facts: version_of(facts, "nvidia-cuda-runtime-cu12"),
    "cudnn_built_with": lambda facts: facts.builds["torch"].cudnn,
    "cudnn_installed": lambda facts: version_of(facts, "cudnn"),
}


def texts(folder: Path, files: list[str]) -> list[str]:
    whole = "\n".join((folder / file).read_text("utf-8") for file in files)
    return [whole, BEFORE + whole + AFTER, "\n".join("> " + line for line in whole.split("\n")), whole.replace("\n", "\r\n")]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_recording_is_read_right(folder: Path) -> None:
    recording = parse_toml((folder / "SOURCE.toml").read_text("utf-8"))
    for text in texts(folder, recording["files"]):
        facts = read_text(text)
        for key, expected in recording["expect"].items():
            if key in FACTS:
                assert FACTS[key](facts) == expected, key
            elif key == "display_lines":
                assert facts.accelerators == (), expected  # all that are recorded are emulated displays
            elif key == "nvcc":
                assert "nvcc" not in {tool.name for tool in facts.tools}  # a toolkit's list of parts is no compiler that answered
            elif key == "nvidia_driver":
                assert facts.nvidia.driver_version != expected, "the driver that is packed with a toolkit is not the one that runs"
            else:
                assert key in NOT_ASKED, f"{key}: a fact without a place, and nobody says why"


def test_a_whole_bus_without_a_card_tells_that_there_is_none() -> None:
    facts = read_text((RECORDINGS / "lspci" / "aws-xen-no-gpu" / "lspci.txt").read_text("utf-8"))
    assert facts.observed.accelerators is Completeness.COMPLETE
    facts = read_text((RECORDINGS / "lspci" / "vmware-no-gpu" / "lspci.txt").read_text("utf-8"))
    assert facts.observed.accelerators is not Completeness.COMPLETE  # its host bridge is not in the list


def test_a_whole_lsmod_is_complete() -> None:
    for name in ("azure-nvidia", "centos7-no-gpu"):
        facts = read_text((RECORDINGS / "lsmod" / name / "lsmod.txt").read_text("utf-8"))
        assert facts.observed.modules is Completeness.COMPLETE


def test_all_of_one_tool_s_recordings_in_one_text_contradict_nothing_silently() -> None:
    """Three machines' kernel modules in one text: the first stands, the others are kept as contradictions."""
    folders = sorted((RECORDINGS / "proc-driver-nvidia").glob("*"))
    facts = read_text("\n".join((folder / "version").read_text("utf-8") for folder in folders))
    assert facts.nvidia.kernel_module_version == "565.77"
    assert {lost.value for lost in facts.contradictions if lost.fact == "nvidia.kernel_module_version"} == {"580.95.05", "615.71.09"}
