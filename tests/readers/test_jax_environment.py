import pytest

from envcheck.facts.snapshot import Snapshot, known
from envcheck.readers.read import read_text

WHOLE = """>>> import jax; jax.print_environment_info()
jax:    0.5.3
jaxlib: 0.5.3
numpy:  2.2.4
python: 3.12.3 (main, Feb  4 2025, 14:48:35) [GCC 13.3.0]
device info: NVIDIA H100 80GB HBM3-2, 2 local devices"
process_count: 1
platform: uname_result(system='Linux', node='n', release='6.8.0-1021-gcp', version='#1', machine='x86_64')
"""


def versions(facts: Snapshot) -> dict[str, str]:
    return {package.name: known(package.version, "") for package in facts.packages}


def test_the_whole_block_is_read():
    facts = read_text(WHOLE)
    assert versions(facts) == {"jax": "0.5.3", "jaxlib": "0.5.3", "numpy": "2.2.4"}
    assert facts.python.version == "3.12.3"
    assert (facts.system.os, facts.system.kernel, facts.system.machine) == ("Linux", "6.8.0-1021-gcp", "x86_64")
    assert [card.name for card in facts.accelerators] == ["NVIDIA H100 80GB HBM3"] * 2


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("jax.devices (1 total, 1 local): [CpuDevice(id=0)]\n", False),
        ("jax.devices (8 total, 8 local): [CudaDevice(id=0) CudaDevice(id=1) ... CudaDevice(id=7)]\n", True),
        (">>> jax.devices()\n[TFRT_CPU_0]\n", False),
        ("device info: cpu-1, 1 local devices\n", False),
        ('device info: cpu-8, 8 local devices"\n', False),
        ("device info: NVIDIA A100-SXM4-40GB-16, 8 local devices\n", True),
        ("device info: AMD Instinct MI300X-8, 8 local devices\n", True),
        (">>> jax.local_devices()\n[GpuDevice(id=0, process_index=0)]\n", True),
        (">>> jax.devices()\n[cuda(id=0)]\n[cuda:0]\n", True),
        ("print(jax.default_backend())\ncpu\n", False),
        (">>> xla_bridge.get_backend().platform\n'gpu'\n", True),
        (">>> jax.devices()\n[CpuDevice(id=0)]\n>>> jax.devices()\n[CudaDevice(id=0)]\n", True),
    ],
)
def test_devices_tell_whether_jax_reaches_a_gpu(text: str, reached: bool):
    assert read_text(text).builds["jax"].cuda_available is reached


@pytest.mark.parametrize(
    "text",
    [
        "jax.devices('cpu')\n[CpuDevice(id=0)]\n",
        "$ export JAX_PLATFORMS=cpu\n>>> jax.devices()\n[CpuDevice(id=0)]\n",
        "[CudaDev\n",
        "device info: TPU v4-8, 4 local devices\n",
        "device info: CPU cores: 8\n",
        "$ export JAX_PLATFORMS=cpu\ndevice info: cpu-1, 1 local devices\n",
        "cpu\n",
        "",
    ],
)
def test_who_asks_for_the_cpu_is_shown_the_cpu(text: str):
    assert "jax" not in read_text(text).builds


def test_the_block_may_be_cut():
    assert versions(read_text("jaxlib: 0.4.30\nnumpy:  1.26.4\njax.devices (1 total, 1 local): [CpuDevi")) == {
        "jaxlib": "0.4.30",
        "numpy": "1.26.4",
    }
    assert versions(read_text("jax:    0.4.30\njaxlib: 0.4.30\njax.devices (1 total, 1 local): [CpuDevice(id=0)]")) == {
        "jax": "0.4.30",
        "jaxlib": "0.4.30",
    }


def test_a_long_line_is_passed_over():
    assert read_text("[CpuDevice(" + "x" * 100_000) is not None
