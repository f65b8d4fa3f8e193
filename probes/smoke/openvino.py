"""OpenVINO: a model of four operators, read from ONNX's format, compiled for the CPU and run; which device ran is read back."""

from envcheck_probes.smoke_steps import onnx_model, small_model

TEST = {
    "title": "OpenVINO",
    "import": "openvino",
    "names": ("openvino",),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: openvino 2026.4.1.
    "import_s": 0.4,
    "test_s": 0.1,
    "peak_bytes": 104_000_000,
    # Its telemetry takes no part in CI; otherwise the import writes ~/intel and starts threads that send.
    "variables": {"CI": "true"},
}
MANUAL = {
    "imported": "Its libraries cannot be loaded: files of two versions are mixed (openvino-dev beside openvino), or setupvars.sh of an "
    "installation without pip leads to others.",
    "tensor": "NumPy, which it needs for its inputs, cannot be imported or gives it nothing that it can read.",
    "computed": "The model could not be read or compiled: its plugin for the CPU or its ONNX frontend is missing, damaged or of another "
    "version, or an operator raised.",
    "compared": "The plugin for the CPU gives wrong numbers: a faulty library, or faulty memory.",
}


def check(trial):
    runtime = _runtime(trial)
    trial.layer("tensor")
    import numpy as np

    left, image = np.array(small_model.LEFT, np.float32), np.array([[small_model.IMAGE]], np.float32)
    inputs = {"left": left, "image": image, "left64": np.array(small_model.LEFT64)}
    trial.layer("computed")
    core = runtime.Core()
    trial.doing("reading the model")
    model = core.read_model(onnx_model.model())
    trial.doing("compiling the model")
    compiled = core.compile_model(model, "CPU", _settings(core))
    trial.doing("running the model")
    found = compiled.create_infer_request().infer(inputs)
    product, windows, doubled = [found[compiled.output(name)] for name in ("product", "windows", "doubled")]
    trial.note("device", _device_that_ran(compiled))
    trial.layer("compared")
    trial.expect("gemm and relu float32", product.tolist(), small_model.product())
    trial.expect("convolution float32", windows.tolist(), small_model.windows())
    # The plugin for the CPU computes in float32 what is float64; these numbers are exact in both.
    trial.expect("matmul float64", doubled.tolist(), small_model.doubled())


def _runtime(trial):
    """The package that has Core: up to 2023.0 it is openvino.runtime."""
    if hasattr(trial.framework, "Core"):
        return trial.framework
    trial.imports("openvino.runtime")
    return trial.framework.runtime


def _settings(core):
    """float32 on processors that have bfloat16, too; and one thread. Those that this release has."""
    wanted = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": "1"}
    known = core.get_property("CPU", "SUPPORTED_PROPERTIES")
    return {name: value for name, value in wanted.items() if name in known}


def _device_that_ran(compiled):
    try:
        return ", ".join(compiled.get_property("EXECUTION_DEVICES"))
    except RuntimeError:  # came with 2023.0
        return "CPU"
