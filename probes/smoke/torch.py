"""PyTorch: forward, backward and one update, on each device that its build has; on accelerators every type of data, and copies."""

TEST = {
    "title": "PyTorch",
    "import": "torch",
    "names": ("torch", "pytorch"),
    "default": True,
    "devices": ("cpu", "cuda", "mps", "xpu"),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: torch 2.13.0+cpu.
    "import_s": 1.2,
    "test_s": 0.06,
    "peak_bytes": 253_000_000,
    # By default what cuBLAS takes of a card for itself is as much as the whole test may take.
    "variables": {"CUBLAS_WORKSPACE_CONFIG": ":4096:2", "CUBLASLT_WORKSPACE_SIZE": "4096"},
}
MANUAL = {
    "imported": "Its libraries cannot be loaded: files of two builds are mixed, one of CUDA's is missing, or NumPy is of another major.",
    "devices": "Asking for devices fails or hangs: the driver does not answer or is too old for this build, or a card is lost.",
    "tensor": "A tensor cannot be made on the device: the driver does not fit the build, or the device does not start.",
    "computed": "A kernel raised or crashed: the build has no code for this device, or libraries of two versions are loaded. If it is"
    " the convolution with cuDNN alone, another cuDNN is found before the one of the build.",
    "compared": "The device gives wrong numbers: libraries of mixed versions, faulty hardware, or faulty memory.",
    "gradient": "Forward works and backward does not: mixed libraries, or an operator that the device lacks.",
    "copied": "Data changes or is refused on its way to the device and back: faulty memory, a faulty slot or riser, or the IOMMU.",
    "compiled": "torch.compile fails where the same works without it: Triton or a C compiler is missing or does not fit.",
    "several": "Data changes or is refused between two devices: access control of PCIe or virtualisation breaks direct copies.",
}

_TYPES = ("float64", "float32", "TF32", "float16", "bfloat16", "float8_e4m3fn")
_CPU_TYPES = ("float64", "float32")


def devices(torch, wanted):
    from envcheck_probes.smoke_steps.torch_devices import list_devices

    return list_devices(torch, wanted)


def check(trial):
    from envcheck_probes.smoke_steps.busy import busy_is_no_failure

    with busy_is_no_failure(trial):
        _check(trial)


def _check(trial):
    from envcheck_probes.smoke_steps import torch_devices, window_sums
    from envcheck_probes.smoke_steps.products import Products

    torch, device = trial.framework, trial.device
    accelerator = device != "cpu"
    trial.layer("tensor")
    if accelerator:
        torch_devices.refuse_full_card(trial)
    images = torch.tensor(window_sums.images(), dtype=torch.float32, device=device, requires_grad=True)
    windows = torch.tensor(window_sums.windows(), dtype=torch.float32, device=device, requires_grad=True)
    trial.layer("computed")
    products = Products(trial, torch_devices.multiplier(torch, device), _TYPES if accelerator else _CPU_TYPES)
    products.compute()
    convolved = {}
    for name, used in torch_devices.convolutions(device):
        trial.doing(name)
        with torch_devices.with_cudnn(torch, used):
            convolved[name] = torch.nn.functional.conv2d(images, windows)
    outputs = {name: output.tolist() for name, output in convolved.items()}
    trial.layer("compared")
    products.compare()
    for name, output in outputs.items():
        trial.expect(name, output, window_sums.convolved(), **window_sums.TOLERANCE)
    trial.layer("gradient")
    _slopes_of_sine(trial)
    _update(trial)
    for name, output in convolved.items():
        _slopes_of_convolution(trial, name, output, images, windows)
    _beyond(trial, accelerator)


def _beyond(trial, accelerator):
    from envcheck_probes.smoke_steps import torch_copies, torch_devices

    if accelerator:
        trial.layer("copied")
        torch_copies.copy_there_and_back(trial)
    if trial.slow:
        _compiled(trial)
    torch_devices.note_memory(trial)
    others = torch_copies.others_of_its_kind(trial) if accelerator else []
    if others:
        trial.layer("several")
        torch_copies.copy_to_others(trial, others)


def _slopes_of_sine(trial):
    from envcheck_probes.smoke_steps import exact
    from envcheck_probes.smoke_steps.torch_devices import has_float64

    torch = trial.framework
    double = has_float64(torch, trial.device)
    dtype = torch.float64 if double else torch.float32
    x = torch.tensor(exact.angles(), dtype=dtype, device=trial.device, requires_grad=True)
    slopes = torch.autograd.grad((torch.sin(x) ** 2).sum(), x)[0].tolist()
    # A GPU's sine in single precision is right to a few units of 6e-8, where x itself was rounded.
    tolerance = {"rtol": 1e-12} if double else {"rtol": 1e-5, "atol": 1e-6}
    trial.expect("gradient " + ("float64" if double else "float32"), slopes, exact.slopes(exact.angles()), **tolerance)


def _update(trial):
    """One step of gradient descent by hand: torch.optim would import its compiler."""
    from envcheck_probes.smoke_steps import exact

    torch = trial.framework
    inputs, targets = (torch.tensor(rows, dtype=torch.float32, device=trial.device) for rows in (exact.INPUTS, exact.TARGETS))
    weights = torch.tensor(exact.WEIGHTS, dtype=torch.float32, device=trial.device, requires_grad=True)
    ((torch.matmul(inputs, weights) - targets) ** 2).mean().backward()
    with torch.no_grad():
        weights -= exact.RATE * weights.grad
    trial.expect("update", weights.tolist(), exact.updated_weights())


def _slopes_of_convolution(trial, name, output, images, windows):
    from envcheck_probes.smoke_steps import window_sums
    from envcheck_probes.smoke_steps.torch_devices import with_cudnn

    torch = trial.framework
    pull = torch.tensor(window_sums.pull(), dtype=torch.float32, device=trial.device)
    trial.doing("gradient of the " + name)
    with with_cudnn(torch, not name.endswith("without cuDNN")):
        # Summed up here: autograd would import SymPy to look at a gradient that it is given.
        of_images, of_windows = torch.autograd.grad((output * pull).sum(), (images, windows))
    trial.expect(name + ": gradient of images", of_images.tolist(), window_sums.image_slopes(), **window_sums.TOLERANCE)
    trial.expect(name + ": gradient of windows", of_windows.tolist(), window_sums.window_slopes(), **window_sums.TOLERANCE)


def _compiled(trial):
    """A fused kernel, by Triton on a GPU and by a C++ compiler on the CPU; in this process, with its files where the test may write."""
    import os

    from envcheck_probes.smoke_steps import exact
    from envcheck_probes.smoke_steps.busy import is_not_supported

    torch = trial.framework
    if not hasattr(torch, "compile"):
        trial.note("torch.compile", "not tested: this version does not have it")
        return
    trial.layer("compiled")
    os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")
    for variable in ("TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR"):
        os.environ[variable] = os.path.join(trial.folder, variable.lower())
    x = torch.tensor(exact.angles(), dtype=torch.float32, device=trial.device)
    try:
        made = torch.compile(lambda values: torch.sin(values) ** 2 + 2 * torch.cos(values) ** 2)(x)
    except RuntimeError as error:
        if not is_not_supported(error):
            raise
        trial.note("torch.compile", "not tested: " + str(error).strip().split("\n")[0][:200])  # by this Python or system
        return
    trial.expect("torch.compile", made.tolist(), exact.one_plus_squared_cosines(exact.angles()), rtol=2e-6)
