"""Files of somebody's own that a traceback shows to be imported under a module's name: torch.py, random.py.

Whether there is such a module to hide is for the rule to say, except for those of the standard library.
"""

import sys
from collections.abc import Iterator, Sequence

from envcheck.parsers.expression import regex
from envcheck.parsers.text.traceback import Frame, Traceback, import_package_of

_NAMED = (
    # AttributeError: partially initialized module 'torch' has no attribute 'cuda' (most likely due to a circular import)
    # ImportError: cannot import name 'nn' from partially initialized module 'torch' (most likely due to …) (/home/me/torch.py)
    regex(r"partially initialized module '(?P<module>\w{1,80})'(?:[^\n]{0,200}\((?P<path>[^()\n]{1,300}\.py)\))?"),
    # AttributeError: module 'random' has no attribute 'seed' (consider renaming '/home/me/random.py' since it has the same name as …)
    regex(r"module '(?P<module>\w{1,80})' [^\n]{0,120}\(consider renaming '(?P<path>[^'\n]{1,300})' since it has the same name"),
    # ImportError: cannot import name 'Tensor' from 'torch' (/home/me/torch.py)    module 'random' has no attribute 'seed'
    regex(r"cannot import name '\w{1,80}' from '(?P<module>\w{1,80})' \((?P<path>[^()\n]{1,300}\.py)\)"),
    regex(r"module '(?P<module>\w{1,80})' has no attribute '"),
)
_STANDARD_FOLDER = regex(r"[/\\][Pp]ython\d[\d.]*t?[/\\]|[/\\]Lib[/\\]|^<")


def shadowing_files(traceback: Traceback, words: Sequence[str]) -> Iterator[dict[str, object]]:
    """Each file with the module that it hides; `words` are the exception's lines."""
    said = "\n".join(words)
    found = dict(_named(said, traceback.frames)) if "module '" in said or "cannot import name '" in said else {}
    for before, frame in zip(traceback.frames, traceback.frames[1:], strict=False):
        # No library imports a file of its user's unless it takes it for the module of that name.
        if (
            frame.function == "<module>"
            and _is_ones_own(frame.path)
            and not _is_ones_own(before.path)
            and (module := _module_of(frame.path))
        ):
            found[module] = frame.path
    for module, path in found.items():
        yield {"module": module, "path": path, "standard_library": module in sys.stdlib_module_names}


def _named(words: str, frames: Sequence[Frame]) -> Iterator[tuple[str, str]]:
    """By the exception's words, which name the file, or a file that was passed through and has the module's name."""
    for expression in _NAMED:
        for match in expression.finditer(words):
            module = match["module"]
            passed = next((frame.path for frame in reversed(frames) if _module_of(frame.path) == module), "")
            path = match.groupdict().get("path") or passed
            if path and _is_ones_own(path) and _module_of(path) == module:
                yield module, path


def _module_of(path: str) -> str:
    """`/home/me/torch.py` is torch; a folder torch/ may be the checkout that is worked on."""
    name = path.replace("\\", "/").rpartition("/")[2]
    return name.removesuffix(".py") if name.endswith(".py") else ""


def _is_ones_own(path: str) -> bool:
    """Neither of an environment nor of the standard library."""
    return import_package_of(path) is None and not _STANDARD_FOLDER.search(path)
