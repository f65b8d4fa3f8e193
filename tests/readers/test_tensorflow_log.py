"""Cards, answers and builds in what TensorFlow prints."""
# ruff: noqa: E501 - what programs print stands as they print it

import time

import pytest
from msgspec import UNSET

from envcheck.facts.snapshot import Build
from envcheck.readers.read import read_text

LOG = "2024-08-01 09:00:02.1: W tensorflow/compiler/tf2tensorrt/utils/py_utils.cc:38] TF-TRT Warning: Could not find TensorRT\n"


def tensorflow(text: str) -> Build:
    return read_text(text).builds.get("tensorflow", Build())


@pytest.mark.parametrize(
    "text",
    [
        f">>> tf.config.list_physical_devices('GPU')\n{LOG * 9}[]\n",
        "In [3]: tf.config.experimental.list_physical_devices('GPU')\nOut[3]: []\n",
        "Num GPUs Available:  0\n",
        ">>> tf.config.list_physical_devices()\n[PhysicalDevice(name='/physical_device:CPU:0', device_type='CPU')]\n",
        f"print(tf.test.is_gpu_available())\n{LOG}False\n",
        "tf.config.list_physical_devices('GPU') # [] is returned\n",
        ">>> tf.test.gpu_device_name()\n''\n",
    ],
)
def test_no_gpu_however_it_was_asked_for(text: str) -> None:
    assert tensorflow(text).cuda_available is False


@pytest.mark.parametrize(
    "text",
    [
        f">>> tf.config.list_physical_devices('GPU')\n{LOG}[PhysicalDevice(name='/physical_device:GPU:0', device_type='GPU')]\n",
        "Num GPUs Available:  2\n",
        ">>> tf.test.gpu_device_name()\n'/device:GPU:0'\n",
    ],
)
def test_a_gpu_is_seen(text: str) -> None:
    assert tensorflow(text).cuda_available is True


@pytest.mark.parametrize(
    "text",
    [
        ">>> tf.config.list_physical_devices('CPU')\n[PhysicalDevice(name='/physical_device:CPU:0', device_type='CPU')]\n",
        "if tf.config.list_physical_devices('GPU'):\n    pass\n[]\n",
        "gpus = tf.config.list_physical_devices('GPU')\nx = compute()\nprint(x)\n[]\n",
        "[]\n",
        "GPU: 0\n",
    ],
)
def test_other_lists_and_code_say_nothing(text: str) -> None:
    assert tensorflow(text).cuda_available is UNSET


def test_the_log_names_cards_that_the_driver_reached() -> None:
    facts = read_text(
        "I tensorflow/core/common_runtime/gpu/gpu_device.cc:1727] Found device 0 with properties:\n"
        "pciBusID: 0000:0d:00.0 name: GeForce GTX 1080 Ti computeCapability: 6.1\ncoreClock: 1.582GHz coreCount: 28\n"
    )
    (card,) = facts.accelerators
    assert (card.name, card.compute_capability, card.state, card.pci_address) == ("GeForce GTX 1080 Ti", "6.1", "ok", "0000:0d:00.0")


def test_a_created_device_is_one_that_it_uses() -> None:
    facts = read_text(
        "I tensorflow/core/common_runtime/gpu/gpu_device.cc:2021] Created device /job:localhost/replica:0/task:0/device:GPU:0 with 22290 MB "
        "memory:  -> device: 0, name: NVIDIA RTX A5000, pci bus id: 0000:01:00.0, compute capability: 8.6\n"
    )
    assert facts.builds["tensorflow"].cuda_available is True
    assert facts.accelerators[0].name == "NVIDIA RTX A5000"


@pytest.mark.parametrize(
    "line",
    [
        "OrderedDict([('cpu_compiler', '/usr/bin/gcc'), ('cuda_compute_capabilities', ['sm_50', 'compute_80']), ('cuda_version', '11.2'), ('cudnn_version', '8'), ('is_cuda_build', True), ('is_rocm_build', False)])",
        "{'cuda_version': '11.2', 'cudnn_version': '8', 'is_cuda_build': True, 'cuda_compute_capabilities': ['sm_50', 'compute_80']}",
    ],
)
def test_what_it_says_of_its_build(line: str) -> None:
    build = tensorflow(f">>> tf.sysconfig.get_build_info()\n{line}\n")
    assert (build.cuda, build.cudnn, build.arch_list) == ("11.2", "8", ("sm_50", "compute_80"))


def test_a_build_without_cuda_says_so() -> None:
    assert tensorflow(">>> tf.sysconfig.get_build_info()\nOrderedDict([('is_cuda_build', False), ('is_rocm_build', False)])\n").cuda is None
    assert tensorflow(">>> tf.test.is_built_with_cuda()\nFalse\n").cuda is None


@pytest.mark.parametrize(
    "text",
    ["{" * 5000 + "'is_cuda_build'", "list_physical_devices(" * 20_000, "pciBusID: " * 20_000, "Num GPUs Available:" + " " * 100_000],
)
def test_hostile_lines_take_no_time(text: str) -> None:
    before = time.process_time()
    read_text(text)
    assert time.process_time() - before < 5


DEVICES = '[name: "/device:CPU:0"\ndevice_type: "CPU"\nmemory_limit: 268435456\nlocality {\n}\nincarnation: 17504734730771000338\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DEVICES + "xla_global_id: -1\n]\n", False),
        (DEVICES + ', name: "/device:GPU:0"\ndevice_type: "GPU"\nmemory_limit: 7014448\n]\n', True),
        (DEVICES + ', name: "/device:XLA_GPU:0"\ndevice_type: "XLA_GPU"\nphysical_device_desc: "device: XLA_GPU device"\n]\n', False),
        ('>>> [name: "/cpu:0"\ndevice_type: "CPU"\nincarnation: 4402277519343584096]\n', False),
    ],
)
def test_the_list_of_local_devices(text: str, expected: bool) -> None:
    assert read_text(text).builds["tensorflow"].cuda_available is expected


def test_a_list_that_was_cut_tells_nothing() -> None:
    assert "tensorflow" not in read_text(DEVICES).builds
