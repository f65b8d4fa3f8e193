"""What programs print of their environment when they start, on one line: Ultralytics, ComfyUI, SD.Next, stable-diffusion-webui, llama.cpp,
Ollama, bitsandbytes, TensorFlow's and torch's own words of a device.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.parsers.text.sizes import parse_size
from envcheck.parsers.text.torch_config import cudnn_number
from envcheck.readers import reported_values as values
from envcheck.readers.interface import Text
from envcheck.readers.reported_values import Fact, card_entry, package

_LONGEST = 2000
_TORCH = r"(?P<torch>\d{1,2}\.\d{1,2}\.\d{1,2}[\w.]{0,20}(?:\+[\w.]{1,30})?)"
_PAIR = regex(r'\b(\w{2,20})=("[^"\n]{0,100}"|[^\s"]{1,100})')
_DEVICE = r"(?P<name>[A-Z][^(),\n]{1,70}(?:\([^()\n]{1,12}\)[^(),\n]{0,40})?)"


class _Line(NamedTuple):
    """A line that one program prints; `word` stands in it, in lower case."""

    word: str
    expression: re.Pattern[str]
    facts: Callable[[re.Match[str]], Iterator[Fact]]


def _card(number: str | int, name: str, **more: object) -> Iterator[Fact]:
    entry = card_entry(name.strip())
    if entry is not None:
        yield f"accelerators[{int(number)}]", {**entry, **{key: value for key, value in more.items() if value}}


def _ultralytics(said: re.Match[str]) -> Iterator[Fact]:
    yield from values.torch(said["torch"])
    if said["python"]:
        yield from values.python(said["python"])
    if said["version"]:
        yield from package("ultralytics")(said["version"])


def _ultralytics_card(said: re.Match[str]) -> Iterator[Fact]:
    yield from _card(said["number"], said["name"], memory_bytes=parse_size(f"{said['size']} MiB"))
    yield "builds[torch].cuda_available", True


def _ultralytics_machine(said: re.Match[str]) -> Iterator[Fact]:
    yield "cpu.logical_cores", int(said["cores"])
    yield from values.size("memory.total_bytes")(said["ram"])


def _comfyui(said: re.Match[str]) -> Iterator[Fact]:
    yield from values.size("memory.total_bytes")(said["ram"])
    yield from values.size("accelerators[0].memory_bytes")(said["vram"])


def _sdnext_backend(said: re.Match[str]) -> Iterator[Fact]:
    yield "builds[torch].cuda", said["cuda"]
    yield "builds[torch].cudnn", cudnn_number(int(said["cudnn"]))


def _sdnext_card(said: re.Match[str]) -> Iterator[Fact]:
    yield from _card(0, said["name"], memory_bytes=parse_size(f"{said['size']} MiB"), compute_capability=f"{said['major']}.{said['minor']}")
    yield "builds[torch].cuda_available", True


def _sdnext_device(said: re.Match[str]) -> Iterator[Fact]:
    yield from _card(0, said["name"], compute_capability=f"{said['major']}.{said['minor']}")
    yield from values.torch_cuda(said["cuda"])
    yield from values.driver(said["driver"])


def _footer(said: re.Match[str]) -> Iterator[Fact]:
    yield from values.python(said["python"])
    yield from values.torch(said["torch"])


def _llama(said: re.Match[str]) -> Iterator[Fact]:
    """A capability that AMD's cards are given is made up of their target."""
    amd = said["gfx"] or re.match(r"AMD|Radeon", said["name"])
    more = {"architecture": said["gfx"]} if amd else {"compute_capability": said["capability"]}
    total = parse_size(f"{said['total']} MiB") if said["total"] else None
    yield from _card(said["number"], said["name"], memory_bytes=total, state="ok", **more)


def _ollama(said: re.Match[str]) -> Iterator[Fact]:
    """Since 2025 `name` is the backend's number for it, and the card is described in a field of its own."""
    pairs = {name: value.strip('"') for name, value in _PAIR.findall(said["pairs"])}
    vendor = {"cuda": "nvidia", "rocm": "amd"}.get(pairs.get("library", "").lower())
    if vendor is None or not re.fullmatch(r"[\w-]{1,60}", pairs.get("id", "")):
        return
    key, compute = ("capability", pairs.get("compute", "")) if vendor == "nvidia" else ("target", pairs.get("compute", ""))
    known = {
        "name": pairs.get("description") or pairs.get("name"),
        "compute_capability": compute if key == "capability" and re.fullmatch(r"\d{1,2}\.\d", compute) else None,
        "architecture": compute if key == "target" and re.fullmatch(r"gfx\w{3,5}", compute) else None,
        "memory_bytes": parse_size(pairs.get("total", "")),
        "uuid": pairs["id"] if pairs["id"].startswith("GPU-") else None,
    }
    entry = {"vendor": vendor, "backend": "cuda" if vendor == "nvidia" else "rocm", "state": "ok"}
    yield f"accelerators[{pairs['id']}]", {**entry, **{name: value for name, value in known.items() if value}}
    if vendor == "nvidia" and re.fullmatch(r"\d{1,2}\.\d", pairs.get("driver", "")):
        yield "nvidia.cuda_version", pairs["driver"]


def _stream_executor(said: re.Match[str]) -> Iterator[Fact]:
    yield from _card(said["number"], said["name"], compute_capability=said["capability"], state="ok")


def _diagnostics(said: re.Match[str]) -> Iterator[Fact]:
    """TensorFlow writes three whole numbers, whatever the driver has: 418.56.0 is 418.56, and 470.63.1 is 470.63.01."""
    version = re.sub(r"\.(\d)$", r".0\1", re.sub(r"^(\d+\.\d+)\.0$", r"\1", said["version"]))
    if said["who"] == "libcuda":
        yield "nvidia.library_version", version
    else:
        yield "nvidia.kernel_module_version", version
        yield "nvidia.driver_version", version


def _cudnn(said: re.Match[str]) -> Iterator[Fact]:
    yield "toolkits[cudnn]", {"version": cudnn_number(int(said["number"])), "loaded": True}


def _capabilities(said: re.Match[str]) -> Iterator[Fact]:
    for number, capability in enumerate(re.findall(r"\d{1,2}\.\d", said["list"])[:16]):
        yield f"accelerators[{number}]", {"vendor": "nvidia", "backend": "cuda", "compute_capability": capability}


def _devices_of_torch(said: re.Match[str]) -> Iterator[Fact]:
    capability = f"{said['major']}.{said['minor']}"
    amd = values.card_entry(said["name"]) or {}
    more = {} if amd.get("vendor") == "amd" else {"compute_capability": capability}
    yield from _card(0, said["name"], memory_bytes=parse_size(f"{said['size']} MiB"), **more)
    yield "builds[torch].cuda_available", True


def _on_card(_: re.Match[str]) -> Iterator[Fact]:
    yield "builds[torch].cuda_available", True


def _uname(said: re.Match[str]) -> Iterator[Fact]:
    yield from values.os_name(said["os"])
    yield from values.machine(said["machine"])
    if said["os"] == "Linux":
        yield from values.kernel(said["kernel"])


def _distribution(said: re.Match[str]) -> Iterator[Fact]:
    yield from package(said["name"].lower())(said["version"])


_LINES = (
    # Ultralytics YOLOv8.0.221 🚀 Python-3.11.6 torch-2.1.1+cu121 CUDA:0 (NVIDIA GeForce GTX 1650 SUPER, 4096MiB)
    # YOLOv5 🚀 v6.1-124-g8c420c4 torch 1.11.0+cu113 CUDA:0 (Tesla K80, 11441MiB)
    _Line(
        "torch",
        regex(
            r"(?:Ultralytics (?:YOLOv?)?(?P<version>8\.\d{1,2}\.\d{1,4})?|YOLOv[5-8]\b|Using torch\b).{0,80}?"
            r"(?:Python-(?P<python>3\.\d{1,2}(?:\.\d{1,2})?)"
            rf" )?torch[- ]{_TORCH} (?:CUDA|CPU|MPS)",
            words=("ultralytics", "yolo", "using torch"),
        ),
        _ultralytics,
    ),
    _Line(
        "cuda:",
        regex(rf"(?:^\s*|[ (])CUDA:(?P<number>\d{{1,2}}) \({_DEVICE}, (?P<size>\d{{3,6}}(?:\.\d{{1,4}})?)Mi?B\)"),
        _ultralytics_card,
    ),
    # Setup complete ✅ (12 CPUs, 15.9 GB RAM, 101.6/111.2 GB disk)
    _Line("setup complete", regex(r"Setup complete .{0,6}\((?P<cores>\d{1,4}) CPUs, (?P<ram>\d{1,5}\.\d GB) RAM"), _ultralytics_machine),
    _Line("total vram", regex(r"Total VRAM (?P<vram>\d{1,7} MB), total RAM (?P<ram>\d{1,8} MB)"), _comfyui),
    _Line("torch backend:", regex(r"Torch backend: nVidia CUDA (?P<cuda>\d{1,2}\.\d{1,2}) cuDNN (?P<cudnn>\d{4,6})\b"), _sdnext_backend),
    _Line(
        "torch detected gpu",
        regex(rf"Torch detected GPU: {_DEVICE} VRAM (?P<size>\d{{3,7}}) Arch \((?P<major>\d{{1,2}}), (?P<minor>\d)\)"),
        _sdnext_card,
    ),
    # Device: device=NVIDIA GeForce RTX 4090 n=1 arch=sm_90 capability=(8, 9) cuda=12.8 cudnn=90701 driver=576.52
    _Line(
        "capability=(",
        regex(
            r"device=(?P<name>[A-Z][^=\n]{2,70}) n=\d{1,2} (?:arch=\S{1,20} )?capability=\((?P<major>\d{1,2}), (?P<minor>\d)\)"
            r" cuda=(?P<cuda>[\d.]{3,6})"
            r"(?: cudnn=\d{4,6})? driver=(?P<driver>[\d.]{5,12})"
        ),
        _sdnext_device,
    ),
    # python: 3.10.6  •  torch: 2.0.1+cu118  •  xformers: 0.0.20  •  gradio: 3.41.2
    _Line("torch: ", regex(rf"python: (?P<python>3\.\d{{1,2}}\.\d{{1,2}})\s{{1,4}}\S\s{{1,4}}torch: {_TORCH}"), _footer),
    #   Device 0: NVIDIA GeForce RTX 4050 Laptop GPU, compute capability 8.9, VMM: yes
    #   Device 0: AMD Radeon RX 7900 XTX, gfx1100 (0x1100), VMM: no, Wave Size: 32
    _Line(
        "device ",
        regex(
            r"^\s*(?:\[[^\]\n]{1,40}\]\s*)?Device (?P<number>\d{1,3}): (?P<name>[A-Z][^,\n]{2,80}),"
            r" (?:compute capability (?P<capability>\d{1,2}\.\d)"
            r"|(?P<gfx>gfx[0-9a-f]{3,4})\b)(?:.{0,60}?VRAM: (?P<total>\d{3,7}) MiB)?"
        ),
        _llama,
    ),
    # msg="inference compute" id=GPU-452cac9f-… library=cuda variant=v12 compute=8.6 driver=12.4 name="NVIDIA GeForce RTX 3090" …
    _Line('msg="inference compute"', regex(r'msg="inference compute" (?P<pairs>.{10,1000})'), _ollama),
    _Line(
        "streamexecutor device",
        regex(
            r"StreamExecutor device \((?P<number>\d{1,3})\): (?P<name>[A-Z][^,\n]{2,80}), Compute Capability (?P<capability>\d{1,2}\.\d)\b"
        ),
        _stream_executor,
    ),
    _Line(
        "reported version is",
        regex(r"\b(?P<who>libcuda|kernel) reported version is: (?P<version>\d{3}\.\d{1,3}(?:\.\d{1,3})?)\b"),
        _diagnostics,
    ),
    _Line("loaded cudnn version", regex(r"Loaded cuDNN version (?P<number>\d{4,6})\b"), _cudnn),
    _Line("compute_capabilities_per_gpu", regex(r"COMPUTE_CAPABILITIES_PER_GPU = \[(?P<list>[^\]\n]{1,200})\]"), _capabilities),
    # _CudaDeviceProperties(name='NVIDIA GeForce RTX 3080', major=8, minor=6, total_memory=10009MB, multi_processor_count=68)
    _Line(
        "deviceproperties(name=",
        regex(
            r"_CudaDeviceProperties\(name='(?P<name>[^'\n]{2,80})', major=(?P<major>\d{1,2}), minor=(?P<minor>\d), "
            r".{0,40}?total_memory=(?P<size>\d{3,7})MB"
        ),
        _devices_of_torch,
    ),
    # tensor([0.1183, 0.8671], device='cuda:0')        loss: tensor(0.6931, device='cuda:0', grad_fn=<NllLossBackward0>)
    #         [0.4513, 0.0421]], device='cuda:0')
    _Line(
        "device='cuda",
        regex(r"(?:(?:^|[\s:])tensor\(|^\s*\[)[-+\[\]\d.,\seinfaTrulsF]{1,400}, device='cuda:\d{1,2}'[,)]", words=("device='cuda",)),
        _on_card,
    ),
    # 'uname': uname_result(system='Linux', node='', release='5.15.0-1031-aws', version='#35~20.04.1-Ubuntu SMP …', machine='x86_64')
    _Line(
        "uname_result(",
        regex(
            r"uname_result\(system='(?P<os>\w{1,20})',.{0,200}? release='(?P<kernel>[^'\n]{0,100})'"
            r".{0,200}? machine='(?P<machine>\w{1,20})'"
        ),
        _uname,
    ),
    _Line("numpy_version", regex(r"'(?P<name>numpy)_version': '(?P<version>\d[\w.+]{2,40})'"), _distribution),
    _Line("xformers", regex(r"^\s*(?P<name>xFormers) (?P<version>0\.0\.\d{1,2}\S{0,40})\s*$"), _distribution),
    _Line("bitsandbytes v", regex(r"={5,} (?P<name>bitsandbytes) v(?P<version>\d[\w.]{2,20}) ={5,}"), _distribution),
    _Line("package version found", regex(r"Package version found: (?P<name>[\w.-]{2,40}) (?P<version>\d\S{1,40})\s*$"), _distribution),
)


class StartupLineReader:
    """Reads single lines that are a program's own and stand anywhere."""

    name = "start-up lines"

    def recognises(self, text: Text) -> bool:
        """By one of them."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """Claims; the lines are left to others."""
        evidence = Evidence(claims=list(_claims(text)))
        if any(claim.fact.startswith("accelerators") for claim in evidence.claims):
            evidence.observed["accelerators"] = "partial"
        return evidence


def _claims(text: Text) -> Iterator[Claim]:
    for kind in _LINES:
        for index in text.with_words(kind.word):
            line = text.lines[index]
            said = kind.expression.search(line) if len(line) <= _LONGEST else None
            facts = list(kind.facts(said)) if said else []
            yield from (text.claim(fact, value, index) for fact, value in facts)
