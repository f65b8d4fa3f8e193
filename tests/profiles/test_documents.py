"""The shipped profiles hold what the documents require, each with its document, line and number."""

import re
from pathlib import Path

import pytest

from envcheck.profiles.load import shipped_profiles
from envcheck.profiles.model import Profile, Requirement

GUIDE = "002_37a246b622a23922.txt"
INTRODUCTION = "000_e4eadfd491efac76.txt"

# The concrete requirements of the documents: number, profile, fact, operator, the bound that the document gives, its lines.
ROWS = [
    (1, "system-minimum", "memory.total_bytes", ">=", "8 GB", (67, 326)),
    (2, "deep-learning", "memory.total_bytes", ">=", "16 GB", (67, 326)),
    (3, "gpu", "memory.total_bytes", ">=", "16 GB", (333,)),
    (4, "system-minimum", "disks[environment].free_bytes", ">=", "10 GB", (68, 327)),
    (4, "deep-learning", "disks[temp].free_bytes", ">=", "10 GB", (68, 327)),
    (4, "deep-learning", "disks[pip-cache].free_bytes", ">=", "10 GB", (68, 327)),
    (5, "gpu", "accelerators.memory_bytes", ">=", "6 GB", (69, 331)),
    (6, "gpu", "accelerators.compute_capability", ">=", "7.5", (331,)),
    (6, "cuda", "accelerators.backend", "includes", "cuda", (331,)),
    (7, "system-minimum", "cpu.physical_cores", ">=", "4", (328,)),
    (7, "system-minimum", "cpu.features", "includes", "avx2", (328,)),
    (8, "system-minimum", "python.version", ">=", "3.9", (64, 329)),
    (9, "system-recommended", "python.version", ">=", "3.10", (49, 64, 329, 452)),
    (9, "scikit-learn", "python.version", ">=", "3.10", (49, 64, 329, 452)),
    (10, "starter-kit", "python.version", ">=", "3.10", (74,)),
    (11, "cuda", "toolkits[cuda].version", ">=", "11.8", (70, 332)),
    (11, "cuda", "nvidia.cuda_version", ">=", "11.8", (70, 332)),
    (12, "cuda", "toolkits[cudnn]", "installed", "", (70,)),
    (13, "scikit-learn", "packages[scikit-learn].version", ">=", "1.7.2", (49,)),
    (14, "scikit-learn", "disks[environment].free_bytes", ">=", "30 MB", (107,)),
    (15, "xgboost", "packages[xgboost].version", ">=", "3.0", (50,)),
    (16, "tensorflow", "packages[tensorflow].version", ">=", "2.20", (52, 109)),
    (16, "tensorflow-cuda", "nvidia.cuda_version", ">=", "11.8", (109,)),
    (17, "pytorch", "packages[torch].version", ">=", "2.8", (53,)),
    (18, "pytorch", "disks[environment].free_bytes", ">=", "800 MB", (106,)),
    (19, "pytorch-cuda", "nvidia.cuda_version", ">=", "11.8", (88, 89)),
    (20, "keras", "packages[keras].version", ">=", "3", (54, 91, 352)),
    (21, "spark-mllib", "packages[pyspark].version", ">=", "4.0.1", (56,)),
    (22, "transformers", "packages[transformers].version", ">=", "4.56", (59,)),
]

# Where today differs from a document: what holds instead, or that nothing is required any more (None).
STALE = [
    ("system-minimum", "python.version", "3.10"),
    ("system-recommended", "python.version", "3.12"),
    ("starter-kit", "python.version", "3.12"),
    ("pytorch", "python.version", "3.11"),
    ("cuda", "toolkits[cuda].version", None),
    ("cuda", "toolkits[cudnn]", None),
    ("cuda", "nvidia.cuda_version", "12.0"),
    ("pytorch-cuda", "nvidia.cuda_version", "12.0"),
    ("tensorflow-cuda", "nvidia.cuda_version", "12.0"),
    ("pytorch", "disks[environment].free_bytes", None),
    ("scikit-learn", "disks[environment].free_bytes", None),
    ("transformers", "packages[torch].version", "2.6"),
]

# Systems of the documents that have ended or were renamed.
UNWANTED = [
    ("mxnet", "packages[mxnet]"),
    ("theano", "packages[theano|theano-pymc|aesara]"),
    ("torchserve", "packages[torchserve|torch-model-archiver]"),
    ("horovod", "packages[horovod]"),
    ("oneflow", "packages[oneflow]"),
    ("data-profiling", "packages[pandas-profiling]"),
    ("lite-rt", "packages[tflite-runtime]"),
]

# Every system that the documents name and something local can be required of: the profile that has it.
SYSTEMS = {
    "002:107": "scikit-learn",
    "002:82": "starter-kit",
    "002:60": "jax",
    "002:57": "ray",
    "002:390": "spacy",
    "002:391": "nltk",
    "002:389": "tensorflow-text",
    "002:433": "pycaret",
    "002:237": "data-profiling",
    "002:288": "causal-inference",
    "002:274": "quantum",
    "000:69": "h2o",
    "000:23": "ml-net",
    "002:346": "tf-keras",
    "002:168": "tensorflow-serving",
    "002:45": "lite-rt",
    "002:218": "tensorflow-js",
    "002:380": "transformers-js",
    "002:187": "tfx",
    "002:270": "onnx-runtime",
    "000:111": "onnx",
    "002:172": "executorch",
    "002:220": "mlflow",
    "002:293": "wandb",
    "002:127": "airflow",
    "002:116": "docker",
    "002:50": "kubernetes",
    "002:256": "starter-kit",
    "002:70": "rocm",
    "002:105": "metal",
    "002:166": "tpu",
    "002:251": "jupyter",
    "002:53": "pytorch-ecosystem",
    "002:25": "theano",
}

PROFILES: dict[str, Profile] = {profile.name: profile for profile in shipped_profiles()}
SHARED = Path(__file__).resolve().parents[3] / "shared" / "REQUIREMENTS.md"


def places(requirement: Requirement) -> set[str]:
    """All places that a requirement cites, as "002_….txt:67"."""
    document = requirement.document
    return set() if document is None else {f"{document.file}:{document.line}", *document.also}


def find(profile: str, fact: str, operator: str | None = None, bound: str | None = None) -> list[Requirement]:
    return [
        entry
        for entry in PROFILES[profile].requirements
        if entry.fact == fact and operator in (None, entry.operator.value) and bound in (None, entry.bound)
    ]


@pytest.mark.parametrize(("number", "profile", "fact", "operator", "bound", "lines"), ROWS)
def test_every_number_of_the_documents_is_a_requirement_with_its_lines(
    number: int, profile: str, fact: str, operator: str, bound: str, lines: tuple[int, ...]
) -> None:
    found = [entry for entry in find(profile, fact, operator, bound) if entry.document is not None]
    assert any(places(entry) & {f"{GUIDE}:{line}" for line in lines} for entry in found), number


@pytest.mark.parametrize(("profile", "fact", "holds"), STALE)
def test_where_a_document_is_stale_both_it_and_what_holds_are_there_with_a_source(profile: str, fact: str, holds: str | None) -> None:
    entries = [entry for entry in find(profile, fact) if entry.document is not None and entry.today is not None]
    assert entries
    for entry in entries:
        assert entry.today is not None
        assert entry.today.says
        assert entry.today.source
        assert (entry.asked if entry.holds else None) == holds


@pytest.mark.parametrize(("profile", "fact"), UNWANTED)
def test_what_has_ended_is_wanted_absent_with_a_reason(profile: str, fact: str) -> None:
    (entry,) = find(profile, fact, "absent")
    assert entry.level.value == "should"
    assert entry.why


@pytest.mark.parametrize(("place", "profile"), SYSTEMS.items())
def test_every_system_of_the_documents_has_a_profile_that_cites_it(place: str, profile: str) -> None:
    document, line = place.split(":")
    full = f"{INTRODUCTION if document == '000' else GUIDE}:{line}"
    assert any(full in places(entry) for entry in PROFILES[profile].requirements)


def test_java_is_required_where_the_documents_are_silent_about_it() -> None:
    (spark,) = find("spark-mllib", "tools[java].version")
    assert (spark.level.value, spark.asked) == ("must", "17")
    assert [entry.asked for entry in find("h2o", "tools[java].version")] == ["8", "21"]


def test_every_requirement_has_a_document_a_reason_or_todays_source() -> None:
    for profile in PROFILES.values():
        for entry in profile.requirements:
            assert entry.document or entry.why or entry.today, (profile.name, entry.fact)


def cited(text: str) -> dict[str, str]:
    """Every place that the collected requirements cite ("002:67"), with all the table rows that cite it."""
    rows: dict[str, str] = {}
    for row in text.splitlines():
        if not row.startswith("|"):
            continue
        for document, numbers in re.findall(r"\b(00[0-3]):(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)", row):
            for part in re.findall(r"\d+(?:-\d+)?", numbers):
                first, _, last = part.partition("-")
                for line in range(int(first), int(last or first) + 1):
                    rows[f"{document}:{line}"] = rows.get(f"{document}:{line}", "") + row
    return rows


if SHARED.exists():  # the papers that the profiles were made from are not part of the project

    def test_every_cited_line_and_number_is_in_the_collected_requirements() -> None:
        text = SHARED.read_text(encoding="utf-8")
        rows = cited(text)
        for profile in PROFILES.values():
            for entry in profile.requirements:
                for place in places(entry):
                    name, line = place.split(":")
                    assert name in text, (profile.name, place)
                    assert f"{name[:3]}:{line}" in rows, (profile.name, entry.fact, place)
                if entry.document is not None:
                    row = rows[f"{entry.document.file[:3]}:{entry.document.line}"].replace("\u2011", "-")
                    numbers = re.findall(r"\d+(?:\.\d+)*", entry.document.says)
                    assert all(number in row for number in numbers), (profile.name, entry.fact, entry.document)
