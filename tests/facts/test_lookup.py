"""Values by their path."""

import pytest

from envcheck.facts.lookup import value_at

FACTS = {
    "system": {"os": "Linux"},
    "packages": [{"name": "torch", "version": "2.5.1"}],
    "accelerators": [{"index": 0, "name": "Tesla T4"}],
    "variables": {"LD_LIBRARY_PATH": "/a"},
    "toolkits": [
        {"name": "cuda", "path": "/usr/local/cuda-11.8", "version": "11.8"},
        {"name": "cuda", "found_by": ["module cuda/12.4"], "version": "12.4"},
    ],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("system.os", "Linux"),
        ("packages[torch].version", "2.5.1"),
        ("accelerators[0].name", "Tesla T4"),
        ("variables[LD_LIBRARY_PATH]", "/a"),
        ("toolkits[cuda@module cuda/12.4].version", "12.4"),
        ("toolkits[cuda@/elsewhere].version", "11.8"),
        ("packages[jax].version", None),
        ("system.os.name", None),
        ("builds[torch].cuda", None),
    ],
)
def test_a_path_names_a_value_or_nothing(path: str, value: object) -> None:
    assert value_at(FACTS, path) == value
