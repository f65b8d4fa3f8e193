"""jax-plugin-version-mismatch: JAX's CUDA plugin is of another version than jaxlib."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Package, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.jax_installation import PLUGINS, JaxInstallation, jax_installation
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import listed, titled
from envcheck.knowledge.jax import find_release
from envcheck.knowledge.versions import is_below, is_same, is_unfinished
from envcheck.prescribing.install import by_hand, install
from envcheck.prescribing.jax import choose_extra
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the CUDA plugin of JAX (jax-cuda12-plugin, jax-cuda12-pjrt and those for CUDA 13) has the version of jaxlib.",
    why="The plugin and jaxlib speak to each other through an interface that changes with every release. JAX compares the two version "
    "numbers and does not use a plugin of another one; older releases stop with an error of PJRT or crash. It happens where another "
    "package pins jax, so that pip changes jax and jaxlib and leaves the plugin, which nothing depends on, as it is.",
    example="JAX plugin jax_cuda12_plugin version 0.7.2 is installed, but it is not compatible with the installed jaxlib version 0.7.1; "
    "Mismatched PJRT plugin PJRT API version (0.54) and framework PJRT API version 0.51.",
    fix="Install jax, jaxlib, the plugin and its pjrt in one version, best by the extra: jax[cuda12]==0.7.2.",
    ignore_when="The plugin is one of a vendor's own container, built for that very jaxlib under a number of its own.",
    sources=(
        "https://docs.jax.dev/en/latest/installation.html",
        "https://github.com/jax-ml/jax/blob/main/jaxlib/plugin_support.py",
        "https://github.com/jax-ml/jax/issues/24901",
    ),
)

# With this jaxlib came the comparison; before it only the interface's own version counted.
_COMPARES = "0.5.3"
# An error of the interface names no distribution.
_ANY_PLUGIN = "jax-plugin"
_SOME_PLUGIN = "the JAX plugin"
_NEEDS = ("the output of pip list",)


def check(case: Case) -> Iterator[Outcome]:
    """JAX's own words, else the versions compared."""
    said = tuple(symptom for symptom in case.said(SymptomKind.VERSION_CONFLICT) if _is_of_plugin(symptom))
    jax = jax_installation(case.facts)
    cuda = _cuda_plugins(jax)
    missed = tuple(
        symptom for symptom in case.said(SymptomKind.UNSUPPORTED_CALL, SymptomKind.IMPORT_FAILED) if _is_missed_by_plugin(symptom)
    )
    if said:
        yield _spoken_of(case, jax, said)
    elif missed and not _contradict(jax, cuda):
        yield _missing_part(case, jax, missed)
    elif jax is None:
        yield NotApplicable("nothing shows JAX")
    elif not cuda:
        yield NotApplicable("no CUDA plugin of JAX is known to be installed")
    elif not jax.jaxlib or not all(isinstance(package.version, str) for package in cuda):
        yield NotEvaluated("jax", "the versions of jaxlib and its plugin are not both known", _NEEDS)
    else:
        yield _compared(case, jax, cuda, missed)


def _is_of_plugin(symptom: Symptom) -> bool:
    return symptom.subject == "jax" and symptom.details.get("package", "").startswith("jax-")


def _is_missed_by_plugin(symptom: Symptom) -> bool:
    """`module 'jaxlib.xla_client' has no attribute 'x'` in the module of a plugin, which asks for what another jaxlib has."""
    details = symptom.details
    asked = details.get("name", "") or details.get("module", "")
    return symptom.subject == PLUGINS and asked.startswith(("jaxlib.", "jax.", "jax._src"))


def _contradict(jax: JaxInstallation | None, plugins: tuple[Package, ...]) -> bool:
    """Whether the versions themselves tell it, which says more."""
    return jax is not None and bool(jax.jaxlib) and any(not is_same(known(package.version, jax.jaxlib), jax.jaxlib) for package in plugins)


def _missing_part(case: Case, jax: JaxInstallation | None, missed: tuple[Symptom, ...]) -> Found:
    beside = jax.subject if jax is not None and jax.subject != "jax" else "the installed jaxlib"
    return Found(
        "jax plugin",
        f"The JAX plugin is made for another version than {beside}: it asks for a part that is not there.",
        certainty=Certainty.LIKELY,
        evidence=(*map(spoken, missed), *(_versions(case, jax) if jax is not None else ())),
        would_confirm=("pip list shows jax, jaxlib and its plugin in different versions",),
        remedies=(_remedy(case, jax, _SOME_PLUGIN),),
        symptoms=missed,
        about=("jax", "jaxlib"),
    )


def _cuda_plugins(jax: JaxInstallation | None) -> tuple[Package, ...]:
    """Those for CUDA: the plugins for ROCm are released by themselves, and JAX takes them as they are."""
    return tuple(package for package in jax.plugins if package.name.startswith("jax-cuda")) if jax is not None else ()


def _compared(case: Case, jax: JaxInstallation, plugins: tuple[Package, ...], missed: tuple[Symptom, ...]) -> Outcome:
    strange = [package for package in plugins if not is_same(known(package.version, ""), jax.jaxlib)]
    names = listed([titled(package.name, package.version) for package in strange])
    if not strange:
        return Passed(f"jaxlib {jax.jaxlib}", f"its plugin {plugins[0].name} is of the same version")
    versions = (jax.jaxlib, *(known(package.version, "") for package in strange))
    # A vendor's container has builds of its own, whose numbers say little of what they fit.
    sure = (bool(missed) or not is_below(jax.jaxlib, _COMPARES)) and not any(map(is_unfinished, versions))
    return Found(
        names,
        f"{names} {'does' if len(strange) == 1 else 'do'} not belong to jaxlib {jax.jaxlib}: JAX uses only a plugin of the same version.",
        severity=Severity.ERROR if sure else Severity.WARNING,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(*map(spoken, missed), *_versions(case, jax)),
        would_confirm=() if sure else ("the program's output at its start speaks of the plugin's version",),
        remedies=(_remedy(case, jax, strange[0].name),),
        symptoms=missed,
        about=("jax", "jaxlib"),
    )


def _spoken_of(case: Case, jax: JaxInstallation | None, said: tuple[Symptom, ...]) -> Found:
    symptom = said[0]
    details = symptom.details
    is_interface = details["package"] == _ANY_PLUGIN
    have, need = details.get("have", ""), details.get("need", "").lstrip("=")
    if is_interface:
        name = next((package.name for package in _cuda_plugins(jax)), _SOME_PLUGIN)
        between = f" (PJRT {have} and {need})" if have and need else ""
        who = name[0].upper() + name[1:] if name == _SOME_PLUGIN else name
        message = f"{who} is built for another version of jaxlib than the installed one{between}."
    else:
        name = details["package"]
        message = f"{titled(name, have)} does not belong to jaxlib {need}, so that JAX does not use it."
    return Found(
        titled(name, have) if not is_interface else "jax plugin",
        message,
        evidence=(*map(spoken, said), *(_versions(case, jax) if jax is not None else ())),
        remedies=(_remedy(case, jax, name, "" if is_interface else need),),
        symptoms=said,
        about=("jax", "jaxlib"),
    )


def _is_for_apple(case: Case) -> bool:
    metal = any(symptom.details.get("provider") == "metal" for symptom in case.said(SymptomKind.PROVIDER_FALLBACK))
    return metal or case.facts.package("jax-metal") is not None


def _versions(case: Case, jax: JaxInstallation) -> Iterator[Proof]:
    if jax.jaxlib:
        yield case.proof("packages[jaxlib].version", jax.jaxlib)
    for package in jax.plugins:
        yield case.proof(f"packages[{package.name}].version", known(package.version, "installed"))


def _remedy(case: Case, jax: JaxInstallation | None, plugin: str, jaxlib: str = "") -> Remedy:
    """All four in jaxlib's version: it is what jax was installed with."""
    facts = case.facts
    version = (jax.jaxlib if jax is not None else "") or jaxlib
    if plugin == _SOME_PLUGIN and _is_for_apple(case):
        return by_hand(
            "go back to a jaxlib that the plugin for Apple's GPUs knows",
            "https://developer.apple.com/metal/jax/ names the versions of jax and jaxlib that belong to each jax-metal",
            Step(run=("python3", "-m", "pip", "uninstall", "jax-metal")),
        )
    extra = plugin.removeprefix("jax-").partition("-")[0] if plugin.startswith("jax-cuda") else choose_extra(facts).name
    summary = "install jax, jaxlib and the plugin in one version"
    if not version:
        return install(facts, "--upgrade", f"jax[{extra}]", summary=summary)
    if find_release(version) is not None and not is_below(version, choose_extra(facts).first_jax):
        return install(facts, f"jax[{extra}]=={version}", summary=summary)
    pins = (f"jaxlib=={version}", f"jax-{extra}-plugin[with-cuda]=={version}", f"jax-{extra}-pjrt=={version}")
    return install(facts, *pins, summary="install the plugin in the version of jaxlib")


RULE = Rule(
    name="jax-plugin-version-mismatch",
    title="JAX's CUDA plugin does not belong to its jaxlib",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            *("framework-import-crashes", "framework-import-fails", "jax-cpu-only-jaxlib", "not-compiled-with", "provider-fallback"),
            *("requirement-of-package-unmet", "version-conflict"),
        }
    ),
)
