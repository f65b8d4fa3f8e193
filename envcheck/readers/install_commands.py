"""Installations that somebody says to have typed, or that a Dockerfile makes: what they name was asked for, and is believed least.

A plain `pip install torch` takes PyPI's: which version came is not known, but where it came from is. Only a line of its own counts, without
a version, an index or a file; advice stands in sentences. At a prompt, in a cell and behind RUN, `torch==2.5.1+cpu` and `--index-url
https://download.pytorch.org/whl/cpu` say what came. `-f …/jax_cuda_releases.html` and `jax[cuda12]` say that JAX was to have CUDA.
"""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.builds import said_by_version
from envcheck.readers.interface import Text

_TYPED = regex(
    r"^\s*(?:\d{1,2}[.)] )?(?:[^|\n]{0,80}[$#%>] ?|! ?|- )?`?(?:sudo )?(?:python[\d.]{0,5} -m )?(?:uv )?pip[\d.]{0,5} install"
    r"(?P<options>(?: -(?:U|q|-upgrade|-quiet|-user"
    r"|-no-cache-dir|-force-reinstall))*)(?P<names>(?: (?:torch|torchvision|torchaudio|numpy|transformers)){1,5})`?\s*$"
)
_ADVISED = regex(r"\b(?:fix\w*|solution|workaround|bypass\w*|instead|try|please|should|installation|getting started|readme|usage)\b", 2)
_ANOTHER_INDEX = ("--index-url", "--extra-index", "download.pytorch.org", "pip install -i ")
_JAX_FOR_CUDA = regex(r"\bpip[\d.]{0,5} install .*storage\.googleapis\.com/jax-releases/(?P<channel>jax_cuda\w*_releases)\.html")
# pip install -U "jax[cuda12]"    Requirement already satisfied: numpy in … (from jax[cuda12]) (1.26.4)    Collecting jax[cuda]
# WARNING: jax 0.3.4 does not provide the extra 'cuda111'
_EXTRA_OF_JAX = regex(
    r"^(?:[^|\n]{0,80}[$#%>!] ?|\s*`?)(?:uv )?pip[\d.]{0,5} install [^\n#]{0,120}\bjax\[(?P<typed>cuda\w{0,16})\]"
    r"|\(from (?:-r [^()\n]{1,80})?jax\[(?P<asker>cuda\w{0,16})\]|^\s*Collecting jax\[(?P<collected>cuda\w{0,16})\]"
    r"|\bWARNING: jax [\w.]{1,20} does not provide the extra '(?P<unknown>cuda\w{0,16})'"
)
# RUN pip install torch==2.5.1 --index-url https://download.pytorch.org/whl/cpu        me@box:~$ uv pip install "torch==2.5.1+cpu"
_RUN = regex(r"^\s*(?:RUN\s|(?!#)[^|\n]{0,80}?[$%>\u276f\u279c]\s|[\w@:~/\[\]. -]{3,60}#\s|!\s?|%(?=pip|conda))")
_INSTALLATION = regex(r"\b(?:pip[\d.]{0,5}|uv) (?:-\S{1,30} ){0,3}(?:install|add)\s(?P<rest>[^&|;#\n]{1,400})", words=("pip", "uv "))
_PIN = regex(
    r"(?:^|[\s\"'])(?P<name>torch|torchvision|torchaudio|tensorflow|tensorflow-gpu|tensorflow-cpu|jax|jaxlib|numpy|keras|tf-keras|protobuf"
    r"|transformers|xformers|triton|onnxruntime|onnxruntime-gpu|xgboost|bitsandbytes)(?:\[[\w,-]{1,60}\])?"
    r"(?:==(?P<version>\d[\w.]{0,30}(?:\+[\w.]{1,20})?))?(?=[\s\"']|$)"
)
_WHEELS = regex(
    r"(?:--index-url|--default-index|-i|-f|--find-links)[ =]\S{0,60}download\.pytorch\.org/whl/(?P<tag>cpu|cu\d{2,3}|rocm[\d.]{1,6}|xpu)\b"
    r"|--torch-backend[ =](?P<backend>cpu)\b"
)
_CPU_OF_CONDA = regex(r"\b(?:conda|mamba|micromamba) (?:install|create)\s[^&|;#\n]{0,300}\bcpuonly\b", words=("cpuonly",))
# Another Python than the one that is told of elsewhere may be what it was installed for.
_OTHER_PYTHON = ("--python ", "--python=", "uv python install", "uv venv -p", "virtualenv -p", "pyenv install", "pyenv local", "create -n")
# What was asked for did not come.
_REFUSED = (
    "no matching distribution found",
    "could not find a version",
    "no solution found",
    "failed building wheel",
    "unsatisfiableerror",
)
_LONGEST = 200
_LONGEST_WITH_ADDRESS = 400
_MOST_LINES = 20


class InstallCommandReader:
    """Reads that torch came from PyPI."""

    name = "plain installations"

    def recognises(self, text: Text) -> bool:
        """By such a line."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """Believed least; nothing is said where another index is named anywhere in the text."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    yield from _jax_for_cuda(text)
    yield from _from_pypi(text)
    if not text.has(*_REFUSED):
        yield from _asked_for(text)


def _jax_for_cuda(text: Text) -> Iterator[Claim]:
    """By the index that has nothing else, or by an extra, which an old or a new release may not have."""
    for index in text.with_words("jax-releases/jax_cuda", "jax[cuda", "does not provide the extra 'cuda"):
        line = text.lines[index][:_LONGEST_WITH_ADDRESS]
        wanted = _JAX_FOR_CUDA.search(line)
        extra = _EXTRA_OF_JAX.search(line) if wanted is None else None
        if wanted or extra:
            channel = wanted["channel"] if wanted else f"jax[{extra[extra.lastgroup or 0]}]" if extra else ""
            yield text.claim("packages[jax].channel", channel, index, Trust.MENTIONED)
            return


def _asked_for(text: Text) -> Iterator[Claim]:
    """The versions and builds that were named; of a distribution that was installed in several ways nothing is told."""
    asked: dict[str, set[tuple[str, str]]] = {}
    places: dict[str, int] = {}
    for index in sorted({_beginning(text, at) for at in text.with_words("pip", "uv add", "cpuonly")}):
        line = _whole(text, index)
        if len(line) > _LONGEST_WITH_ADDRESS * _MOST_LINES or not _RUN.match(line):
            continue
        if _CPU_OF_CONDA.search(line):
            yield text.claim("packages[cpuonly]", {"manager": "conda"}, index, Trust.MENTIONED)
        for command in _INSTALLATION.finditer(line):
            wheels = _WHEELS.search(command["rest"])
            for pin in _PIN.finditer(command["rest"]):
                tag = (wheels["tag"] or wheels["backend"]) if wheels and pin["name"].startswith("torch") else ""
                asked.setdefault(pin["name"], set()).add((pin["version"] or "", tag))
                places[pin["name"]] = index
    for name, ways in asked.items():
        if len(ways) == 1:
            yield from _told(name, *next(iter(ways)), places[name], text)


def _beginning(text: Text, index: int) -> int:
    """The line that a command begins on, which goes on behind a backslash."""
    for above in range(index - 1, max(index - _MOST_LINES, 0) - 1, -1):
        if not text.lines[above].rstrip().endswith("\\"):
            break
        index = above
    return index


def _whole(text: Text, index: int) -> str:
    lines: list[str] = []
    for line in text.lines[index : index + _MOST_LINES]:
        lines.append(line.rstrip().removesuffix("\\").strip() if lines else line.rstrip().removesuffix("\\"))
        if not line.rstrip().endswith("\\"):
            break
    return " ".join(lines)


def _told(name: str, version: str, tag: str, index: int, text: Text) -> Iterator[Claim]:
    """PyTorch's own index has wheels whose version names the index, so that the tag is a part of it."""
    whole = f"{version}+{tag}" if version and tag and "+" not in version else version
    if whole:
        yield text.claim(f"packages[{name}].version", whole, index, Trust.MENTIONED)
        if tag or not text.has(*_OTHER_PYTHON):
            yield text.claim(f"packages[{name}].channel", f"whl/{tag}" if tag else "pypi", index, Trust.MENTIONED)
        for fact, value in said_by_version(name, whole).items():
            yield text.claim(f"builds[{name}].{fact}", value, index, Trust.MENTIONED)
    elif tag == "cpu":
        yield text.claim(f"packages[{name}].channel", f"whl/{tag}", index, Trust.MENTIONED)
        yield text.claim(f"builds[{name}].cuda", None, index, Trust.MENTIONED)
    elif not tag and text.has("alpine"):  # whatever release it is: none has a wheel for musl
        yield text.claim(f"packages[{name}].channel", "pypi", index, Trust.MENTIONED)


def _from_pypi(text: Text) -> Iterator[Claim]:
    if any(mark in text.whole for mark in _ANOTHER_INDEX):
        return
    for index in text.with_words("pip install ", "pip3 install "):
        line = text.lines[index]
        found = _TYPED.match(line) if len(line) <= _LONGEST else None
        before = text.lines[index - 1][:_LONGEST] if index else ""
        if found and "torch" in found["names"].split() and not _ADVISED.search(before):
            yield text.claim("packages[torch].channel", "pypi", index, Trust.MENTIONED)
            return
