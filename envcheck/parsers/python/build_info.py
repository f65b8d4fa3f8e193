"""What a framework's own files say of its build, read as text and never executed.

Written by their build scripts: torch/version.py, tensorflow/python/platform/build_info.py, onnxruntime/capi/build_and_package_info.py.
A key that is missing from a result is not known; None is known not to be there.
"""

from __future__ import annotations

MAX_CHARACTERS = 256 * 1024


def parse_torch_version(text: str) -> dict[str, str | None]:
    """PyTorch's version.py.

    __version__ = '2.8.0+cu128'
    debug = False
    cuda: Optional[str] = '12.8'
    git_version = 'a1cb3cc05d46d198467bebbb6e8fba50a325d4e7'
    hip: Optional[str] = None
    xpu: Optional[str] = None
    """
    said = _assignments(text)
    build = {}
    for fact, keys in (("version", ("__version__",)), ("cuda", ("cuda",)), ("rocm", ("rocm", "hip")), ("xpu", ("xpu",))):
        values = [said[key] for key in keys if key in said]
        if values:
            build[fact] = next((value for value in values if isinstance(value, str)), None)
    if build.get("version") is None:
        build.pop("version", None)
    return build


def parse_tensorflow_build_info(text: str) -> dict[str, str | list[str] | None]:
    """TensorFlow's build_info.py: one dictionary since 2.3, single names before.

    build_info = collections.OrderedDict([('cuda_version', '12.5.1'), ('cudnn_version', '9'), ('is_cuda_build', True), …])

    is_cuda_build = True
    cuda_version_number = '10.1'
    cudnn_version_number = '7'
    """
    said = {**_assignments(text), **_pairs(text)}
    build: dict[str, str | list[str] | None] = {}
    for fact, flag, keys in (
        ("cuda", "is_cuda_build", ("cuda_version", "cuda_version_number")),
        ("cudnn", "is_cuda_build", ("cudnn_version", "cudnn_version_number")),
        ("rocm", "is_rocm_build", ("rocm_version",)),
    ):
        version = next((said[key] for key in keys if said.get(key)), None)
        if said.get(flag) is False:
            build[fact] = None
        elif isinstance(version, str):
            build[fact] = _without_width(version)
    architectures = said.get("cuda_compute_capabilities")
    if isinstance(architectures, list) and build.get("cuda") is not None:
        build["arch_list"] = architectures
    return build


def parse_onnxruntime_build_info(text: str) -> dict[str, str | None]:
    """ONNX Runtime's build_and_package_info.py; a package whose name does not end by -gpu is built without CUDA.

    package_name = 'onnxruntime-gpu'
    __version__ = '1.20.1'
    cuda_version = '12.6'
    """
    said = _assignments(text)
    build: dict[str, str | None] = {}
    for fact, key in (("version", "__version__"), ("cuda", "cuda_version"), ("cudnn", "cudnn_version"), ("rocm", "rocm_version")):
        value = said.get(key)
        if isinstance(value, str) and value:
            build[fact] = value
    name = said.get("package_name")
    if isinstance(name, str) and "gpu" not in name and "cuda" not in name and "training" not in name:
        build.setdefault("cuda", None)
    return build


def parse_jaxlib_version(version: str) -> dict[str, str | None]:
    """The CUDA and cuDNN in the version of a jaxlib from before there were plugins.

    0.4.13+cuda11.cudnn86, 0.3.25+cuda11.cudnn805
    """
    import re

    said: dict[str, str | None] = {}
    if match := re.search(r"\+(?:.*\.)?cuda(\d+)(?:\.cudnn(\d)(\d*))?", version):
        cuda = match.group(1)
        said["cuda"] = cuda if len(cuda) <= 2 else f"{cuda[:2]}.{cuda[2:]}"
        if match.group(2):
            said["cudnn"] = ".".join([match.group(2), *([str(int(match.group(3)))] if match.group(3) else [])])
    return said


def parse_jax_plugin(name: str) -> tuple[str, str] | None:
    """What a plugin of JAX is for.

    "jax-cuda12-plugin" → ("cuda", "12"), "jax-rocm60-plugin" → ("rocm", "6.0"), "jax-rocm7-plugin" → ("rocm", "7")
    """
    import re

    match = re.fullmatch(r"jax-(cuda|rocm)(\d+)-plugin", name)
    if not match:
        return None
    kind, digits = match.groups()
    return (kind, f"{digits[0]}.{digits[1:]}") if kind == "rocm" and len(digits) > 1 else (kind, digits)


def _assignments(text: str) -> dict[str, str | bool | list[str] | None]:
    """`cuda: Optional[str] = '12.8'`, `debug = False`, `hip = None`: lines, so that no expression need be compiled for the quick path."""
    said = {}
    for line in text[:MAX_CHARACTERS].splitlines():
        target, equals, value = line.partition("=")
        name = target.partition(":")[0].rstrip()
        if equals and name.isidentifier():
            said[name] = _value(value)
    return said


def _pairs(text: str) -> dict[str, str | bool | list[str] | None]:
    """`('cuda_version', '12.5.1')`, `("is_cuda_build", True)`, `('cuda_compute_capabilities', ['sm_60', 'compute_90'])`."""
    import re

    pair = r"\(\s*['\"](\w+)['\"]\s*,\s*(\[[^\]]*\]|[^()\[\]]*?)\s*,?\s*\)"
    return {key: _value(value) for key, value in re.findall(pair, text[:MAX_CHARACTERS])}


def _value(text: str) -> str | bool | list[str] | None:
    """A literal; None for the literal None and for everything that is not one of those that are looked for."""
    text = text.strip()
    if text in ("True", "False"):
        return text == "True"
    if text.startswith("[") and text.endswith("]"):
        return [_unquoted(item.strip()) or "" for item in text[1:-1].split(",") if item.strip()]
    return _unquoted(text)


def _unquoted(text: str) -> str | None:
    """The inside of a plain string; None for everything else."""
    if text[:1] not in ("'", '"') or "\\" in text:
        return None
    inside, _, rest = text[1:].partition(text[0])
    return inside if not rest.strip() or rest.strip().startswith("#") else None


def _without_width(version: str) -> str:
    """On Windows TensorFlow writes the end of a DLL's name: "64_112" is 11.2, "64_8" is 8."""
    width, underscore, digits = version.partition("_")
    if width not in ("32", "64") or not underscore or not digits.isdigit():
        return version
    return f"{digits[:-1]}.{digits[-1]}" if len(digits) > 2 else digits
