"""`nvidia-smi -L` and `--version`, of old and new branches."""

import pytest

from envcheck.parsers.nvidia.nvidia_smi_list import parse_nvidia_smi_lists, parse_nvidia_smi_versions

UUID = "5c4b7a1e-9d2f-4a6b-8c3d-1e2f3a4b5c6d"
LIST = f"""GPU 0: A100-SXM4-40GB (UUID: GPU-{UUID})
  MIG 1c.3g.20gb Device 0: (UUID: MIG-GPU-{UUID}/1/0)
  MIG 1g.5gb+me   Device  1: (UUID: MIG-{UUID})
GPU 1: Orin (nvgpu) (UUID: {UUID})
GPU 2: NVIDIA GH200 144G HBM3e (UUID: GPU-00000000-0000-0000-0000-000000000000)
"""


def test_cards_with_their_slices() -> None:
    (log,) = parse_nvidia_smi_lists(LIST.split("\n"))
    assert [(card.index, card.facts) for card in log.cards] == [
        (
            0,
            {
                "name": "A100-SXM4-40GB",
                "uuid": f"GPU-{UUID}",
                "mig_devices": [{"profile": "1c.3g.20gb", "uuid": f"MIG-GPU-{UUID}/1/0"}, {"profile": "1g.5gb+me", "uuid": f"MIG-{UUID}"}],
            },
        ),
        (1, {"name": "Orin (nvgpu)", "uuid": UUID}),
        (2, {"name": "NVIDIA GH200 144G HBM3e"}),  # a masked UUID is everybody's
    ]


def test_two_lists_are_two() -> None:
    assert [len(log.cards) for log in parse_nvidia_smi_lists((LIST + LIST).split("\n"))] == [3, 3]


@pytest.mark.parametrize(
    "line",
    [
        "GPU 0: AMD Radeon RX 7900 XTX",
        "GPU 0: 45% | 3 MiB",
        "GPU 0:",
        "GPU 0: Intel(R) Arc(TM) A770",
        "GPU 1: out of memory",
        "GPU 0: NVIDIA A1",
    ],
)
def test_other_lines_of_gpus_are_none_of_it(line: str) -> None:
    assert parse_nvidia_smi_lists([line]) == []


def test_driver_610_has_new_words_for_the_versions() -> None:
    text = """NVIDIA-SMI version  : 610.62
NVML version        : 610.62
DRIVER version      : Deprecated, see "KMD version" instead
CUDA version        : Deprecated, see "CUDA UMD version" instead
KMD version         : 610.62
CUDA UMD version    : 13.3"""
    (log,) = parse_nvidia_smi_versions(text.split("\n"))
    assert (log.driver_version, log.cuda_version, log.nvml_version) == ("610.62", "13.3", "610.62")


def test_before_that_the_driver_is_named_so() -> None:
    text = "NVIDIA-SMI version  : 560.35.05\nNVML version        : 560.35\nDRIVER version      : 560.35.05\nCUDA Version        : 12.6\n"
    (log,) = parse_nvidia_smi_versions(text.split("\n"))
    assert (log.driver_version, log.cuda_version, log.nvml_version) == ("560.35.05", "12.6", "560.35")
    assert parse_nvidia_smi_versions(["CUDA Version : 12.6", ""]) == []
