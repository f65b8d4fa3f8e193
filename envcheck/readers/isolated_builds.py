"""Builds that pip and uv make in an environment of their own, and the module that was missing there.

Getting requirements to build wheel ... error
error: subprocess-exited-with-error
    File "/tmp/pip-build-env-b1a9/overlay/lib/python3.11/site-packages/setuptools/build_meta.py", line 331, in run_setup
    File "<string>", line 22, in <module>
ModuleNotFoundError: No module named 'torch'
[end of output]
"""

from collections.abc import Iterator

from envcheck.facts.claims import Evidence
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_MISSED = regex(r"ModuleNotFoundError: No module named '(?P<module>[A-Za-z_]\w{0,80})")
# hint: `flash-attn` depends on `torch`, but doesn't declare it as a build dependency.
_HINT = regex(
    r"`(?P<by>[\w.-]{1,80})(?:@v?[\w.]{1,40})?` depends on `(?P<module>[\w.-]{1,80})`, but doesn't declare it as a build dependency"
)
# What a builder's own environment, or its words around the traceback, look like.
_ISOLATED = regex(
    r"pip-build-env-|[/\\]builds-v0[/\\]|Getting requirements to build (?:wheel|editable)|get_requires_for_build_"
    r"|setuptools[/\\]build_meta\.py"
    r"|This error originates from a subprocess, and is likely not a problem with pip|build_backend|Failed to build `"
    r"|Build backend failed"
)
_TYPED_WITHOUT = regex(r"^[^#\n]{0,120}\binstall\b.*--no-build-isolation")
# Collecting flash-attn==2.5.8    Failed to build `flash-attn==2.7.4`    … wheels for some pyproject.toml based projects (flash-attn)
# cwd: /tmp/pip-install-_op0fkvy/flash-attn_32ecdb534ca149cebac1b8d1956665eb/
_BUILT = (
    regex(
        r"Failed to (?:build|download and build|prepare distributions for|build editable for):? `(?P<by>[A-Za-z0-9][\w.-]{0,80}?)(?:==|`)"
    ),
    regex(
        r"pyproject\.toml based projects \((?P<by>[A-Za-z0-9][\w.-]{0,80})\)|Could not build wheels for (?P<old>[A-Za-z0-9][\w.-]{0,80}),?"
    ),
    regex(r"pip-(?:install|req-build)-\w{1,20}[/\\](?P<by>[A-Za-z0-9][\w.-]{0,80}?)_[0-9a-f]{32}"),
    regex(r"^\s*Collecting (?P<by>[A-Za-z0-9][\w.-]{0,80})"),
)
_MOST = 100
_AROUND = 60
_CLOSE = 12
_LONGEST = 1000


class IsolatedBuildReader:
    """Reads which module a build did not find, and what was being built."""

    name = "isolated build"

    def recognises(self, text: Text) -> bool:
        """By such a module beside the words of a builder."""
        return any(True for _ in _missed(text))

    def read(self, text: Text) -> Evidence:
        """One symptom for each module; its line is taken, so that nobody takes it for the environment's own."""
        evidence = Evidence()
        seen: set[tuple[str, str]] = set()
        for module, by, index in _missed(text):
            text.taken.add(index)
            if (module, by) not in seen:
                seen.add((module, by))
                details = {"module": module, **({"by": by} if by else {})}
                evidence.symptoms.append(
                    Symptom(
                        kind=SymptomKind.BUILD_MISSED_MODULE,
                        text=text.lines[index].strip()[:_LONGEST],
                        subject=by.replace("-", "_"),
                        details=details,
                        source=text.at(index),
                        scope=text.places.get(index, ""),
                    )
                )
        return evidence


def _missed(text: Text) -> Iterator[tuple[str, str, int]]:
    """Module, distribution and line; nothing where the build was told to use the environment itself."""
    if any(_TYPED_WITHOUT.match(text.lines[index][:_LONGEST]) for index in text.with_words("--no-build-isolation")[:_MOST]):
        return
    for index in text.with_words("no module named '", "build dependency")[:_MOST]:
        line = text.lines[index][:_LONGEST]
        hint, missed = _HINT.search(line), _MISSED.search(line)
        if hint:
            yield hint["module"], hint["by"], index
        elif missed and _is_isolated(text, index):
            yield missed["module"], _built(text, index), index


def _is_isolated(text: Text, index: int) -> bool:
    """Whether a builder speaks close above or below, in what may be the same traceback."""
    above = text.lines[max(0, index - _AROUND) : index]
    below = text.lines[index + 1 : index + 1 + _CLOSE]
    return any(_ISOLATED.search(line[:_LONGEST]) for line in (*above, *below))


def _built(text: Text, index: int) -> str:
    """What was being built, by the words that tell it best; of those above the nearest."""
    near = [*reversed(text.lines[max(0, index - _AROUND) : index]), *text.lines[index + 1 : index + 1 + _AROUND]]
    for expression in _BUILT:
        for line in near:
            found = expression.search(line[:_LONGEST])
            if found:
                return next(name for name in found.groups() if name).lower().replace("_", "-")
    return ""
