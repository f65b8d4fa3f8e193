"""Environment modules of a cluster that bring a CUDA, cuDNN or NCCL of their own: named where such a library is in the way."""

import re
from collections.abc import Iterable

import msgspec

from envcheck.facts.snapshot import Snapshot, known
from envcheck.knowledge.versions import major, release
from envcheck.parsers.expression import regex
from envcheck.report import Proof, Remedy, Safety, Step

_FOUND_BY = "module "  # so begins what a toolkit was found by that `module list` or `module load` has named
_VARIABLE = "LOADEDMODULES"
_BRINGS = regex(r"(?:[\w.-]{1,40}/)?(?P<name>cuda|cudnn|nccl)(?:-?toolkit)?/v?(?P<version>\d{1,2}(?:\.\d{1,3}){0,3})", re.IGNORECASE)


class LoadedModule(msgspec.Struct, frozen=True):
    """`cuda/11.7`, with the library that it brings and its version."""

    module: str
    library: str
    version: str
    proof: Proof


def loaded_modules(facts: Snapshot, *libraries: str) -> list[LoadedModule]:
    """Those that bring one of the libraries (cuda, cudnn, nccl), each once."""
    found: dict[str, LoadedModule] = {}
    for toolkit in facts.toolkits:
        for found_by in (word for word in known(toolkit.found_by, ()) if word.startswith(_FOUND_BY)):
            module = found_by.removeprefix(_FOUND_BY)
            fact = f"toolkits[{toolkit.name}@{found_by}]"
            found[module] = LoadedModule(
                module, toolkit.name, known(toolkit.version, ""), Proof(fact=fact, value=module, source=facts.source_of(fact))
            )
    for module in facts.variables.get(_VARIABLE, "").split(":"):
        brings = _BRINGS.match(module)
        if brings and module not in found:
            proof = Proof(fact=f"variables[{_VARIABLE}]", value=module, source=facts.source_of(f"variables[{_VARIABLE}]"))
            found[module] = LoadedModule(module, brings["name"].lower(), brings["version"], proof)
    return [loaded for loaded in found.values() if loaded.library in libraries]


def unload(modules: Iterable[LoadedModule]) -> tuple[Remedy, ...]:
    """The remedy that takes them away, for this shell and for the next; none without modules."""
    commands = tuple(Step(run=("module", "unload", loaded.module)) for loaded in modules)
    lasting = Step(do="and take the module load out of the job script and the shell's start-up files")
    summary = "unload the environment module that brings it"
    return (Remedy(summary=summary, manager="manual", safety=Safety.MANUAL, steps=(*commands, lasting)),) if commands else ()


def exchange(modules: Iterable[LoadedModule], need: str) -> tuple[Remedy, ...]:
    """The remedy that loads a CUDA toolkit of the major version that is needed in place of them; none where they are of it."""
    others = [loaded for loaded in modules if release(loaded.version) and release(need) and major(loaded.version) != major(need)]
    if not others:
        return ()
    steps = [Step(run=("module", "unload", loaded.module)) for loaded in others]
    steps += [
        Step(run=("module", "avail", "cuda")),
        Step(do=f"load the one of CUDA {major(need)} that is listed there, and build again in that shell"),
    ]
    summary = f"load the environment module of a CUDA {major(need)} toolkit instead"
    return (Remedy(summary=summary, manager="manual", safety=Safety.MANUAL, steps=tuple(steps)),)
