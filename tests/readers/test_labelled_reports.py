"""Frameworks' reports of their environment in several ages, as they are printed and as people paste them.

Each file of framework_reports holds one, made after the real form, with the versions and names of no real machine.
"""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.readers.read import read_text

REPORTS = Path(__file__).parent / "framework_reports"

# What somebody who knows the program takes from its report: facts by their path, packages by name. null: not there, or not known.
EXPECTED: dict[str, dict[str, object]] = json.loads((REPORTS / "expected.json").read_text("utf-8"))


def report(name: str) -> str:
    return (REPORTS / f"{name}.txt").read_text("utf-8")


def fact(snapshot: Snapshot, path: str) -> object:
    """None both for what is known not to be there and for what is not known; `packages.NAME` is a version."""
    if path.startswith("packages."):
        package = snapshot.package(path.removeprefix("packages."))
        return None if package is None else package.version
    node: object = msgspec.to_builtins(snapshot)
    for step in path.split("."):
        node = node.get(step) if isinstance(node, dict) else None
    return node if not isinstance(node, tuple) else list(node)


def flat(node: object, path: str = "") -> dict[str, object]:
    """Every scalar below a node by its path; members of lists by their name or number."""
    if isinstance(node, dict):
        return {key: value for name, child in node.items() for key, value in flat(child, f"{path}.{name}").items()}
    if isinstance(node, (list, tuple)):
        named = [(child.get("index", child.get("name")), child) for child in node if isinstance(child, dict)]
        return {key: value for name, child in named for key, value in flat(child, f"{path}[{name}]").items()} or (
            {path: node} if node else {}
        )
    return {path: node}


def facts(text: str) -> dict[str, object]:
    """All facts of a text, without where they are from."""
    said = msgspec.to_builtins(read_text(text))
    return flat({name: said[name] for name in said if name not in {"sources", "contradictions", "observed", "unknown", "symptoms"}})


def test_every_report_has_its_expectation() -> None:
    assert {path.stem for path in REPORTS.glob("*.txt")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_report_says_what_an_expert_takes_from_it(name: str) -> None:
    snapshot = read_text(report(name))
    for path, value in EXPECTED[name].items():
        if path in {"accelerators", "toolkits"}:
            found = fact(snapshot, path)
            assert isinstance(found, list)
            assert isinstance(value, list)
            assert len(found) == len(value), path
            assert all(entry.items() >= said.items() for entry, said in zip(found, value, strict=True)), (path, found)
        else:
            assert fact(snapshot, path) == value, path


PASTED: dict[str, Callable[[str], str]] = {
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "quoted twice": lambda text: "\n".join(f"> > {line}" for line in text.split("\n")),
    "indented": lambda text: "\n".join(f"    {line}" for line in text.split("\n")),
    "in a fence": lambda text: f"This is mine:\n```shell\n{text}\n```\nThanks in advance\n",
    "in details": lambda text: f"<details>\n<summary>Environment</summary>\n\n```text\n{text}\n```\n</details>\n",
    "with Windows' line ends": lambda text: text.replace("\n", "\r\n"),
    "with hard blanks": lambda text: text.replace("  ", "\xa0 "),
    "with blanks at the ends": lambda text: "\n".join(f"{line}   " for line in text.split("\n")),
    "from a mail": lambda text: "\n".join(f"{line}<br>" for line in text.split("\n")),
    "below a heading": lambda text: f"### Environment\n\n{text}\n\n### Additional context\n\n_No response_\n",
}


@pytest.mark.parametrize("way", sorted(PASTED))
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_report_is_read_alike_however_it_is_pasted(name: str, way: str) -> None:
    assert facts(PASTED[way](report(name))) == facts(report(name))


# Without its list of packages a report tells of a module, which is taken for its usual distribution.
MODULE_ALONE = {".packages[tensorflow].name": "", ".packages[tensorflow].state": "", ".packages[tensorflow].version": ""}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_what_is_left_of_a_report_says_nothing_new(name: str) -> None:
    lines, whole = report(name).split("\n"), facts(report(name))
    if ".packages[tensorflow-gpu].version" in whole:
        whole = {**whole, **MODULE_ALONE}
    for tenth in range(1, 10):
        cut = len(lines) * tenth // 10
        for part in (lines[:cut], lines[cut:], [*lines[: len(lines) * (tenth - 1) // 10], "...", *lines[cut:]]):
            assert facts("\n".join(part)).keys() <= whole.keys(), (tenth, facts("\n".join(part)).keys() - whole.keys())


@pytest.mark.parametrize(
    "template",
    [
        "- `transformers` version: \n- Platform:\n- Python version:\n- PyTorch version (GPU?):\n- Using GPU in script?: <fill in>\n",
        "- OS Platform and Distribution (e.g., Linux Ubuntu 16.04):\n- TensorFlow version (use command below):\n- Python version:\n",
        " - PyTorch Version (e.g., 1.0):\n - OS (e.g., Linux):\n - CUDA/cuDNN version:\n - GPU models and configuration:\n",
        "- PyTorch version (GPU?): not installed (NA)\n- Tensorflow version (GPU?): not installed (NA)\n- Jax version: not installed\n",
        "sys.platform: \nCUDA available: {fill in}\nMMCV: <version>\n",
        "Please use PyTorch 1.13 or newer and Python 3.10 at least.\n",
    ],
)
def test_a_template_that_nobody_filled_in_says_nothing(template: str) -> None:
    assert not {path for path in facts(template) if path not in {".schema", ".taken", ".live"}}


def test_a_label_that_others_use_too_counts_only_near_one_of_its_own() -> None:
    far = "torch cuda version ............... 11.7\n" + "prose\n" * 60 + "nvcc version ..................... 12.1\n"
    assert not read_text(far).toolkits
    assert read_text(far.replace("prose\n", "")).toolkits


def test_facts_stand_in_the_lines_that_their_sources_name() -> None:
    text = "Hello\n\n" + report("deepspeed-0.9")
    snapshot = read_text(text)
    lines = text.split("\n")
    for path, word in (
        ("memory.shm_bytes", "/dev/shm"),
        ("builds[torch].cuda", "torch version"),
        ("packages[deepspeed].version", "deepspeed info"),
    ):
        number = int(snapshot.sources[path].rpartition(" ")[2])
        assert word in lines[number - 1], path
