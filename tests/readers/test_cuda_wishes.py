import pytest

from envcheck.facts.claims import Trust
from envcheck.readers.cuda_wishes import CudaWishReader
from envcheck.readers.interface import Text
from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("    - cudatoolkit=10.2", "cudatoolkit=10.2"),
        ("  - pytorch-cuda", "pytorch-cuda"),
        ("(base) C:\\>conda install pytorch==1.12.1 torchvision cudatoolkit=10.2 -c pytorch", "cudatoolkit=10.2"),
        ("> mamba install pytorch pytorch-cuda=11.8 -c pytorch-nightly -c nvidia", "pytorch-cuda=11.8"),
        ("pip3 install torch --index-url https://download.pytorch.org/whl/nightly/cu124", "download.pytorch.org/whl/nightly/cu124"),
        ("pip install torch==1.9.0+cu111 -f https://download.pytorch.org/whl/torch_stable.html", "torch==1.9.0+cu111"),
    ],
)
def test_an_installation_that_asks_for_cuda(line: str, what: str):
    text = Text(["something before", line])
    assert CudaWishReader().recognises(text)
    (claim,) = CudaWishReader().read(text).claims
    assert (claim.fact, claim.value, claim.trust) == ("nvidia.cuda_sign", f"{what} was asked for", Trust.MENTIONED)
    assert claim.source == "report line 2"


@pytest.mark.parametrize(
    "line",
    [
        "pip install torch --index-url https://download.pytorch.org/whl/cpu",
        "cudatoolkit               10.2.89              hfd86e86_1",
        "torch                     2.1.0+cu121",
        "uninstall cudatoolkit",
        "- cudatoolkits are nice",
    ],
)
def test_everything_else_is_passed_over(line: str):
    assert not CudaWishReader().recognises(Text([line]))


def test_only_the_first_counts():
    facts = read_text("conda install pytorch cudatoolkit=11.3\nconda install pytorch cudatoolkit=10.2\n")
    assert facts.nvidia.cuda_sign == "cudatoolkit=11.3 was asked for"
