"""onnxruntime-cpu-shadows-gpu: the CPU build of ONNX Runtime lies over the one that has an accelerator."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Package, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import listed, titled
from envcheck.knowledge.frameworks import FRAMEWORKS, installed_among
from envcheck.prescribing.install import replace
from envcheck.report import Area, Certainty, Severity

MANUAL = Manual(
    checks="Whether onnxruntime and one of its variants for accelerators (onnxruntime-gpu, onnxruntime-directml, onnxruntime-openvino …) "
    "are installed beside each other.",
    why="All of them bring the same module. The one installed last wins, and any library that asks for plain onnxruntime brings the CPU "
    "build back, so that sessions run on the CPU with nothing but a warning.",
    example="rembg pulls in onnxruntime 1.16.1 beside onnxruntime-gpu 1.16.1; get_available_providers() has no CUDAExecutionProvider any "
    "more.",
    fix="Remove all of them, then install only the variant for the accelerator.",
    ignore_when="Only the CPU is wanted; then it is still cleaner to keep onnxruntime alone.",
    sources=("https://onnxruntime.ai/docs/install/",),
)

_VARIANTS = FRAMEWORKS["onnxruntime"]
# What every build has had since the first.
_OWN = frozenset(f"onnxruntime.{name}" for name in ("InferenceSession", "SessionOptions", "get_device", "get_available_providers"))
_VENDORS = {"onnxruntime-gpu": "nvidia", "onnxruntime-rocm": "amd", "onnxruntime-migraphx": "amd"}


def check(case: Case) -> Iterator[Outcome]:
    """Two of the family installed are a finding, a bad one where an accelerator is wanted or was refused."""
    facts = case.facts
    installed = list(installed_among(facts, _VARIANTS))
    torn = tuple(symptom for symptom in case.said(SymptomKind.UNSUPPORTED_CALL) if symptom.details.get("name", "") in _OWN)
    if torn and len(installed) < 2 and not known(facts.python.shadowing, ()):
        yield _torn(case, torn, installed)
    elif len(installed) > 1 and not all(package.manager == "conda" for package in installed):
        yield _finding(case, installed)
    elif len(installed) > 1:
        yield Passed("onnxruntime", "conda builds one package under several names")
    elif facts.observed.packages is Completeness.COMPLETE:
        yield _single(installed)
    elif installed or any(map(_of_onnxruntime, case.said(SymptomKind.PROVIDER_FALLBACK))):
        yield NotEvaluated("onnxruntime", "not all installed packages are known", ("the output of pip list",))
    else:
        yield NotApplicable("nothing shows ONNX Runtime")


def _single(installed: list[Package]) -> Outcome:
    if installed:
        return Passed(titled(installed[0].name, installed[0].version), "the only build of ONNX Runtime")
    return NotApplicable("ONNX Runtime is not installed")


def _finding(case: Case, installed: list[Package]) -> Found:
    symptoms = tuple(symptom for symptom in case.said(SymptomKind.PROVIDER_FALLBACK) if _of_onnxruntime(symptom))
    keep = next((package for package in installed if package.name != "onnxruntime"), installed[0])
    names = listed([titled(package.name, package.version) for package in installed])
    refused = " Programs already fall back to the CPU." if symptoms else ""
    version = f"=={keep.version}" if isinstance(keep.version, str) and keep.version else ""
    return Found(
        subject=listed([package.name for package in installed]),
        message=f"{names} are installed beside each other; both bring the module onnxruntime, and the CPU build hides "
        f"{keep.name}.{refused}",
        severity=Severity.ERROR if symptoms or _has_accelerator(case, keep.name) or _sees_cpu_only(case) else Severity.WARNING,
        certainty=Certainty.CERTAIN if all(isinstance(package.version, str) for package in installed) else Certainty.LIKELY,
        would_confirm=() if all(isinstance(package.version, str) for package in installed) else ("pip list shows both",),
        evidence=(
            *(case.proof(f"packages[{package.name}].version", known(package.version, "installed")) for package in installed),
            *(spoken(symptom) for symptom in symptoms),
        ),
        remedies=(
            replace(
                case.facts,
                [package.name for package in installed],
                f"{keep.name}{version}",
                summary=f"remove all of them, then install {keep.name} alone",
            ),
        ),
        symptoms=symptoms,
        about=("onnxruntime", *(package.name for package in installed)),
    )


def _torn(case: Case, said: tuple[Symptom, ...], installed: list[Package]) -> Found:
    """What is left when one of two was removed: pip took the files that both had written."""
    keep = next((package for package in installed if package.name != "onnxruntime"), None)
    wanted = keep.name if keep is not None else "onnxruntime-gpu" if _wants_gpu(case) else "onnxruntime"
    return Found(
        subject="onnxruntime",
        message="The module onnxruntime is there without its contents, as it is left when one of two builds that were installed beside "
        "each other is removed.",
        certainty=Certainty.LIKELY,
        evidence=(
            *map(spoken, said),
            *(case.proof(f"packages[{package.name}].version", known(package.version, "installed")) for package in installed),
        ),
        would_confirm=("pip list shows onnxruntime or onnxruntime-gpu, and its folder has no __init__.py",),
        remedies=(
            replace(
                case.facts, ["onnxruntime", "onnxruntime-gpu"], wanted, summary=f"remove what is left of both, then install {wanted} alone"
            ),
        ),
        symptoms=said,
        about=("onnxruntime", "onnxruntime-gpu"),
    )


def _wants_gpu(case: Case) -> bool:
    refused = any(
        symptom.details.get("provider", "").startswith(("CUDA", "Tensorrt")) for symptom in case.said(SymptomKind.PROVIDER_FALLBACK)
    )
    return refused or _has_accelerator(case, "onnxruntime-gpu")


def _of_onnxruntime(symptom: Symptom) -> bool:
    """Its providers are called so; other frameworks fall back too."""
    return symptom.details.get("provider", "").endswith("ExecutionProvider")


def _sees_cpu_only(case: Case) -> bool:
    """Whether the module was asked for its providers, and has none for CUDA."""
    build = case.facts.builds.get("onnxruntime")
    return build is not None and build.cuda is None


def _has_accelerator(case: Case, variant: str) -> bool:
    """Whether the machine has the card that the hidden variant is for."""
    vendor = _VENDORS.get(variant)
    driver = vendor == "nvidia" and isinstance(case.facts.nvidia.driver_version, str) and not case.facts.live
    return driver or any(vendor is not None and card.vendor == vendor for card in case.facts.accelerators)


RULE = Rule(
    name="onnxruntime-cpu-shadows-gpu",
    title="The CPU build of ONNX Runtime hides the GPU build",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {"provider-fallback", "package-overwritten", "framework-import-fails", "unsupported-call", "name-of-another-release"}
    ),
)
