import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.parse import parse_message


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("ValueError: Invalid CUDA 'device=0,1' requested. Use 'device=cpu' or pass valid CUDA device(s)", "ultralytics"),
        ("AssertionError: Invalid CUDA '--device 0' requested, use '--device cpu' or pass valid CUDA device(s)", "ultralytics"),
        ("AssertionError: CUDA unavailable, invalid device 0 requested", "ultralytics"),
        ("AssertionError: Torch is not able to use GPU; add --skip-torch-cuda-test to COMMANDLINE_ARGS", "stable-diffusion-webui"),
        ("MisconfigurationException: You requested GPUs: [0]\n But your machine only has: []", "lightning"),
        ("MisconfigurationException:\n            You requested gpu: [0, 1]\n            But your machine only has: []", "lightning"),
        ("lightning_fabric.utilities.exceptions.MisconfigurationException: No supported gpu backend found!", "lightning"),
        ("`CUDAAccelerator` can not run on your system since the accelerator is not available.", "lightning"),
        ("RuntimeError: No GPU found. A GPU is needed for quantization.", "transformers"),
        ("ValueError: fp16 mixed precision requires a GPU (not 'cpu').", "accelerate"),
        ("NotImplementedError: Unsloth cannot find any torch accelerator? You need a GPU.", "unsloth"),
    ],
)
def test_a_demand_for_a_device(text: str, subject: str):
    (symptom,) = parse_message(text)
    assert (symptom.kind, symptom.subject) == (SymptomKind.DEVICE_NOT_FOUND, subject)
    assert symptom.details == {"backend": "cuda"}


def test_a_checkpoint_that_was_saved_on_a_gpu_is_marked():
    (symptom,) = parse_message("RuntimeError: Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False.")
    assert symptom.details == {"backend": "cuda", "reason": "checkpoint"}


@pytest.mark.parametrize(
    "text",
    [
        "You requested GPUs: [1]\n But your machine only has: [0]",
        "raise ValueError(f\"Invalid CUDA '--device {device}' requested, use '--device cpu' or pass valid CUDA device(s)\")",
        "A GPU is needed for quantization, says the manual.",
    ],
)
def test_a_device_that_is_there_source_and_prose_are_none(text: str):
    assert not parse_message(text)
