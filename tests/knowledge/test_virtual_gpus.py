import pytest

from envcheck.knowledge.virtual_gpus import parse_mig_memory, parse_vgpu


@pytest.mark.parametrize(
    ("name", "card", "memory", "series"),
    [
        ("GRID T4-2B", "T4", 2, "B"),
        ("GRID T4-4C", "T4", 4, "C"),
        ("GRID P40-12Q", "P40", 12, "Q"),
        ("GRID V100D-8C", "V100D", 8, "C"),
        ("GRID M60-1B4", "M60", 1, "B"),
        ("NVIDIA A16-2A", "A16", 2, "A"),
        ("NVIDIA RTX6000-Ada-8Q", "RTX6000-Ada", 8, "Q"),
    ],
)
def test_profiles_are_read(name: str, card: str, memory: int, series: str) -> None:
    found = parse_vgpu(name)
    assert found is not None
    assert (found.card, found.memory_gb, found.series) == (card, memory, series)
    assert found.has_cuda is (series in "CQ")


@pytest.mark.parametrize(
    "name",
    ["A100-SXM4-40GB", "NVIDIA A100-PCIE-40GB", "Tesla P100-PCIE-16GB", "GRID K520", "NVIDIA RTX A6000", "NVIDIA A2", "", "NVIDIA GB10"],
)
def test_whole_cards_are_no_profiles(name: str) -> None:
    assert parse_vgpu(name) is None


@pytest.mark.parametrize(
    ("profile", "memory"),
    [("3g.71gb", 71), ("1c.3g.71gb", 71), ("1g.10gb+me", 10), ("NVIDIA A100-PCIE-40GB MIG 1g.5gb", 5), ("whole", None), ("40GB", None)],
)
def test_the_memory_of_a_mig_profile(profile: str, memory: int | None) -> None:
    assert parse_mig_memory(profile) == memory
