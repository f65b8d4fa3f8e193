"""Names of one product in the words of several lists."""

import pytest

from envcheck.facts.card_names import mean_the_same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GeForce RTX 3090", "NVIDIA GeForce RTX 3090"),
        ("A100 PCIe 40GB", "NVIDIA A100-PCIE-40GB"),
        ("H100 SXM5 80GB", "NVIDIA H100 80GB HBM3"),
        ("GeForce RTX 3080 Mobile / Max-Q 8GB/16GB", "NVIDIA GeForce RTX 3080 Laptop GPU"),
        ("NVIDIA GeForce RTX 5070 ...", "NVIDIA GeForce RTX 5070 Ti"),
        ("GeForce GTX 108...", "GeForce GTX 1080 Ti"),
        ("Radeon RX 7900 XTX", "AMD Radeon RX 7900 XTX"),
    ],
)
def test_two_words_for_one_product(one: str, other: str) -> None:
    assert mean_the_same(one, other)
    assert mean_the_same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GeForce RTX 3080", "GeForce RTX 3080 Ti"),
        ("Quadro RTX 4000", "NVIDIA RTX 4000 Ada Generation"),
        ("Tesla T4", "Tesla T40"),
        ("NVIDIA GeForce RTX 3070 ...", "NVIDIA GeForce RTX 3080"),
        ("GPU", "NVIDIA"),
    ],
)
def test_two_products(one: str, other: str) -> None:
    assert not mean_the_same(one, other)
