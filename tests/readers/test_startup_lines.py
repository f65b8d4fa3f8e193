"""Single lines that programs print of devices; the whole reports are in framework_reports."""

import pytest

from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("said", "meant"),
    [("470.63.1", "470.63.01"), ("418.56.0", "418.56"), ("525.105.17", "525.105.17"), ("384.130.0", "384.130")],
)
def test_tensorflow_writes_a_drivers_version_in_whole_numbers(said: str, meant: str) -> None:
    line = f"2021-05-20 11:51:18.2: I tensorflow/stream_executor/cuda/cuda_diagnostics.cc:196] kernel reported version is: {said}\n"
    assert read_text(line).nvidia.kernel_module_version == meant


def test_a_card_that_ollama_does_not_compute_on_is_none() -> None:
    cpu = 'level=INFO source=types.go:130 msg="inference compute" id=0 library=cpu compute="" driver=0.0 name="" total="15.5 GiB"\n'
    assert not read_text(cpu).accelerators


def test_a_program_that_ran_on_the_cpu_does_not_say_that_there_is_no_gpu() -> None:
    snapshot = read_text("Ultralytics YOLOv8.1.0 🚀 Python-3.9.18 torch-2.1.2 CPU (Intel Core(TM) i7-9750H 2.60GHz)\n")
    assert snapshot.builds["torch"].version == "2.1.2"
    assert not isinstance(snapshot.builds["torch"].cuda_available, bool), "it may have been told to"


def test_the_number_of_a_device_is_kept() -> None:
    snapshot = read_text("Using torch 1.7.0+cu101 CUDA:0 (Tesla T4, 15109MB)\n                            CUDA:1 (Tesla P4, 7611MB)\n")
    assert [card.name for card in snapshot.accelerators] == ["Tesla T4", "Tesla P4"]


@pytest.mark.parametrize(
    "line", ["Device 0: the first one, compute capability unknown", "Total VRAM is 24 GB", "reported version is: newest"]
)
def test_lines_of_other_shapes_say_nothing(line: str) -> None:
    assert not read_text(line + "\n").accelerators
