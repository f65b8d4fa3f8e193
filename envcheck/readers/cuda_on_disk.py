"""CUDA on the disk, in what people paste of it: nvcc --version, version.json, cudnn_version.h, `ldconfig -p`, paths of libraries."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.cuda.cuda_version_file import manifest_parts, parse_cuda_version_text
from envcheck.parsers.cuda.cudnn_header import parse_cudnn_header
from envcheck.parsers.cuda.library_name import parse_library_name
from envcheck.parsers.cuda.nvcc import is_of_nvcc, parse_nvcc
from envcheck.parsers.expression import regex
from envcheck.parsers.text.json_in_text import find_json
from envcheck.readers.interface import Text

_LONGEST = 600
# 	libcudnn.so.8 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libcudnn.so.8
_CACHED = regex(r"^\s*(?P<soname>lib[\w+.-]{1,60}\.so[\w.]{0,30}) \([\w,. :-]{1,80}\) => (?P<path>/\S{1,400})\s*$")
_PATH = regex(
    r"^\s*(?P<path>/(?:[\w.@+-]{1,100}/){1,30}(?P<file>lib(?:cudnn|cudart|nccl|cublas|nvinfer|nvrtc)[\w-]{0,30}\.so\.\d[\d.]{0,20}))\s*$"
)
_PART_OF_CUDNN = "/libcudnn_"
_DEFINE = regex(r"#[ \t]*define[ \t]+CUDNN_MAJOR\b")
_DRIVER_LIBRARIES = {"libcuda.so.1": "libcuda", "libnvidia-ml.so.1": "nvml"}
# The parts of a version.json whose libraries are told; its nvidia_driver is only the one that was packed with the toolkit.
_PARTS = {"cuda_cudart": "cudart", "libcublas": "cublas", "libcusparse": "cusparse", "libcusolver": "cusolver", "libnvjitlink": "nvjitlink"}
_MANIFEST = regex(r'"cuda"\s*:')


class CudaOnDiskReader:
    """Reads the versions and places of toolkits and libraries."""

    name = "cuda-on-disk"

    def recognises(self, text: Text) -> bool:
        """By a line that only these have."""
        return any(True for _ in self._claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """None of them tells what is not there."""
        evidence = Evidence(claims=list(self._claims(text, text.taken)))
        if any(claim.fact.startswith("toolkits") for claim in evidence.claims):
            evidence.observed["toolkits"] = "partial"
        return evidence

    def _claims(self, text: Text, taken: set[int]) -> Iterator[Claim]:
        yield from _compilers(text, taken)
        yield from _manifests(text, taken)
        for index, line in enumerate(text.lines):
            if index in taken or len(line) > _LONGEST:
                continue
            if ".so" in line:
                yield from _library(line, index, text, taken)
            elif "CUDNN_MAJOR" in line and _DEFINE.search(line):
                yield from _header(index, text, taken)
            elif "CUDA Version " in line and (version := parse_cuda_version_text(line)) and line.strip() == f"CUDA Version {version}":
                taken.add(index)
                yield text.claim("toolkits[cuda@version.txt]", {"version": version}, index)


def _compilers(text: Text, taken: set[int]) -> Iterator[Claim]:
    for compiler in text.parsed(parse_nvcc):
        taken.add(compiler.line)
        around = range(max(0, compiler.line - 4), min(len(text.lines), compiler.line + 3))
        taken.update(index for index in around if is_of_nvcc(text.lines[index]))
        yield text.claim("toolkits[cuda]", {"version": compiler.version}, compiler.line)
        yield text.claim("tools[nvcc]", {"version": compiler.version}, compiler.line)


def _manifests(text: Text, taken: set[int]) -> Iterator[Claim]:
    """A version.json, whole or cut."""
    if not any(_MANIFEST.search(line) for line in text.lines if '"cuda"' in line):
        return
    whole = "\n".join(text.lines)
    for document in find_json(whole):
        parts = manifest_parts(document.value)
        if "cuda" not in parts:
            continue
        first = whole.count("\n", 0, document.start)
        taken.update(range(first, whole.count("\n", 0, document.end) + 1))
        yield text.claim("toolkits[cuda@version.json]", {"version": parts["cuda"]}, first)
        for part, name in _PARTS.items():
            if part in parts:
                yield text.claim(f"toolkits[{name}@version.json]", {"version": parts[part]}, first)


def _header(index: int, text: Text, taken: set[int]) -> Iterator[Claim]:
    """The three parts stand in lines that follow each other, with what grep puts between them."""
    version = parse_cudnn_header("\n".join(text.lines[index : index + 8]))
    if version is not None:
        taken.update(number for number in range(index, min(len(text.lines), index + 8)) if "CUDNN_" in text.lines[number])
        yield text.claim("toolkits[cudnn]", {"version": version}, index)


def _library(line: str, index: int, text: Text, taken: set[int]) -> Iterator[Claim]:
    cached, listed = _CACHED.match(line), _PATH.match(line)
    if cached is not None:
        taken.add(index)
        if cached["soname"] in _DRIVER_LIBRARIES:
            key = _DRIVER_LIBRARIES[cached["soname"]]
            yield text.claim(f"nvidia.{key}_path", cached["path"], index)
            yield text.claim(f"nvidia.{key}_loadable", True, index)  # noqa: FBT003 - a value, not an option
            return
    found = cached or listed
    if found is None:
        return
    library = parse_library_name(found["path"].rpartition("/")[2])
    key = found["path"].replace("[", "(").replace("]", ")")
    if library is None and _PART_OF_CUDNN in found["path"] and text.has(f"{found['path'].rpartition('/')[2].lower()}: cannot open"):
        # Where a part of cuDNN lies is told by whoever searched for what the loader missed; lists of all parts say no more than the whole.
        yield text.claim(f"toolkits[cudnn@{key}]", {"path": found["path"]}, index)
    elif library is not None:
        entry: dict[str, object] = {"path": found["path"], **({"found_by": ["system"]} if cached else {})}
        entry.update({"version": library.version} if library.version else {})
        yield text.claim(f"toolkits[{library.name}@{key}]", entry, index)
