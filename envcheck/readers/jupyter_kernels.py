"""Which interpreters Jupyter's kernels start: `jupyter kernelspec list --json`, a `kernel.json`, a notebook that asks for its Python."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from envcheck.facts.claims import Claim, Evidence
from envcheck.facts.environment import NOTEBOOK
from envcheck.parsers.expression import regex
from envcheck.parsers.python.kernelspec import parse_kernelspec
from envcheck.readers.interface import Text

_START = regex(r"^\s*\{")
_MOST_TRIES = 20
_REACH = 400  # lines of one document
# In [3]: import sys; sys.executable          Out[3]: '/opt/conda/bin/python'          !which python
_CELL = regex(r"^\s*(?:(?:In|Out) ?\[\d*\]:|!\w|%pip |%conda )|ipykernel_launcher|<ipython-input-|ipykernel_\d")
_ASKED = regex(r"sys\.executable")
_SHELL = regex(r"^\s*(?:In ?\[\d*\]: ?)?!\s*(?:which|where|command -v|type -p) python3?\s*$")
_ANSWER = regex(r"^\s*(?:Out ?\[\d*\]: ?)?['\"]?(?P<path>(?:/|[A-Za-z]:\\)[^\s'\"]{1,300}python[\w.]{0,12})['\"]?\s*$")
_FURTHEST = 3


class _Spec(NamedTuple):
    """A kernel, by its name and the first word of what it starts."""

    name: str
    program: str


class JupyterKernelReader:
    """Reads the documents that Jupyter prints or keeps, and the two answers of a notebook."""

    name = "Jupyter kernels"

    def recognises(self, text: Text) -> bool:
        """By the word that every kernel's document has, or the two questions."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """Kernels of Python; which Python the text speaks of otherwise is another reader's."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    specs: list[_Spec] = []
    first = 0
    for index in text.with_words('"argv"')[:_MOST_TRIES]:
        start = next((at for at in range(index, max(-1, index - _REACH), -1) if _begins(text, at)), None)
        if start is not None and not specs:
            specs, first = _specs(text, start), start
    if specs:
        kernels = [{"name": spec.name, **({"executable": spec.program} if _is_path(spec.program) else {})} for spec in specs]
        yield text.claim("python.kernels", kernels, first)
        return
    yield from _of_notebook(text)


def _begins(text: Text, at: int) -> bool:
    """The outermost brace: the first of its line, with nothing of the document above it."""
    line = text.lines[at]
    return line.startswith("{") or (_START.match(line) is not None and (at == 0 or not text.lines[at - 1].strip()))


def _specs(text: Text, start: int) -> list[_Spec]:
    whole = "\n".join(text.lines[start : start + _REACH])
    try:
        content, end = json.JSONDecoder().raw_decode(whole.lstrip())
    except (ValueError, RecursionError):
        return []
    if not isinstance(content, dict):
        return []
    found = list(_listed(content))
    if found:
        text.taken.update(range(start, start + whole[:end].count("\n") + 1))
    return found


def _listed(content: dict[str, Any]) -> Iterator[_Spec]:
    kernels = content.get("kernelspecs")
    entries = list(kernels.items())[:50] if isinstance(kernels, dict) else [("python3", {"spec": content})]
    for name, entry in entries:
        spec = parse_kernelspec(json.dumps(entry.get("spec"))) if isinstance(entry, dict) else None
        if spec is not None and spec.language in ("python", ""):
            yield _Spec(str(name)[:80], spec.program)


def _is_path(program: str) -> bool:
    """A bare `python` is that of Jupyter itself."""
    return program.startswith("/") or program[1:3] == ":\\"


def _of_notebook(text: Text) -> Iterator[Claim]:
    """What runs the cells, which is the Python that is examined, and what the shell finds: pip installs there."""
    if not any(_CELL.search(text.lines[index]) for index in text.with_words("in [", "in[", "!which", "!where", "ipykernel", "!command")):
        return
    inside = _answer(text, [index for index in text.with_words("sys.executable") if _ASKED.search(text.lines[index])])
    outside = _answer(
        text, [index for index in text.with_words("which python", "where python", "python") if _SHELL.match(text.lines[index])]
    )
    if inside and outside:
        yield text.claim("python.kernels", [{"name": NOTEBOOK, "executable": inside[0]}], inside[1])
        yield text.claim("python.executable", *inside)
        yield text.claim("tools[python].path", *outside)


def _answer(text: Text, asked: list[int]) -> tuple[str, int] | None:
    for index in asked:
        for at in range(index + 1, min(index + 1 + _FURTHEST, len(text.lines))):
            found = _ANSWER.match(text.lines[at]) if len(text.lines[at]) < 400 else None
            if found:
                return found["path"], at
    return None
