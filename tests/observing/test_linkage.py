"""Predictions from a real probe, before real imports: the same trouble as the loader tells, and none where the import works."""

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from envcheck.facts.claims import Claim, Evidence, Trust, resolve
from envcheck.facts.snapshot import Cpu, Package, PackageState, Python, Snapshot, System, UserSite
from envcheck.facts.symptoms import PREDICTED, Symptom, SymptomKind
from envcheck.judging.engine import diagnose
from envcheck.observing.answer import Answer, Ending, Said
from envcheck.observing.frameworks import Room
from envcheck.observing.linkage import linkage_task, predict, predictions, unrefuted
from envcheck.report import Certainty
from envcheck.rules import all_rules
from tests.compiler import Compiler
from tests.observing.trying import import_frameworks

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only ELF files are read")
ROOM = Room(cores=1, memory_bytes=None)
TAG = "cp{0}{1}-cp{0}{1}-linux_x86_64".format(*sys.version_info[:2])
NEEDING = "int of_own(void); int call(void) { return of_own(); }\nvoid *PyInit_torch(void) { return 0; }\n"


@pytest.fixture
def site(bare_venv: Path) -> Path:
    return next(bare_venv.glob("lib/python*/site-packages"))


def environment(site: Path) -> Snapshot:
    prefix = str(site.parents[2])
    python = Python(executable=f"{prefix}/bin/python", prefix=prefix, site_folders=(str(site),), tags=(TAG,))
    packages = (Package(name="torch", version="2.9.0", state=PackageState.OK, location=str(site)),)
    return Snapshot(live=True, system=System(os="Linux", machine="x86_64"), python=python, packages=packages)


def observed(site: Path) -> tuple[list[Symptom], Evidence]:
    """What was predicted, and what the import then said."""
    python = str(site.parents[2] / "bin" / "python")
    predicted = predict(python, environment(site))
    assert predicted.unknown == []
    return predicted.symptoms, import_frameworks(python, ["torch"], ROOM)


def test_the_loader_says_what_was_predicted_and_it_is_told_once(site: Path, compile_c: Compiler) -> None:
    own = compile_c(site / "libown.so.3", "int of_own(void) { return 1; }", "-Wl,-soname,libown.so.3")
    compile_c(site / "torch.so", NEEDING, str(own))
    own.unlink()
    (predicted,), tried = observed(site)
    (said,) = tried.symptoms
    assert (predicted.kind, predicted.subject, predicted.details["library"]) == (said.kind, said.subject, said.details["library"])
    assert (predicted.was_predicted, said.was_predicted) == (True, False)
    assert unrefuted([predicted], tried) == []


def test_a_cut_library_is_the_cause_of_the_crash(site: Path, compile_c: Compiler) -> None:
    """The loader maps what is not there, and the process dies of SIGBUS without a word."""
    text = "static int numbers[1000000] = {1}; int of_own(void) { return numbers[0]++; }"
    own = compile_c(site / "libown.so", text, "-Wl,-soname,libown.so")
    compile_c(site / "torch.so", NEEDING, str(own), "-Wl,-rpath,$ORIGIN", "-Wl,-z,now")
    own.write_bytes(own.read_bytes()[:4096])
    predicted, tried = observed(site)
    assert [symptom.kind for symptom in predicted] == [SymptomKind.FILE_DAMAGED]
    tried.symptoms += unrefuted(predicted, tried)
    facts = replace(resolve(tried, taken="", live=True), packages=environment(site).packages)
    assert facts.imports[0].status in ("crashed", "failed")
    assert diagnose(facts, all_rules()).findings[0].rule == "compiled-file-damaged"


def test_a_prediction_is_forgotten_where_the_import_works(site: Path) -> None:
    """Whatever brings the library in: here nothing needs it after all."""
    (site / "torch").mkdir()
    (site / "torch" / "__init__.py").touch()
    (site / "torch" / "_C.so").write_bytes(b"\x7fELF")
    (predicted,), tried = observed(site)
    assert predicted.kind is SymptomKind.FILE_DAMAGED
    assert unrefuted([predicted], tried) == []


def test_where_no_import_was_tried_it_stands_and_convicts_nobody(site: Path) -> None:
    (site / "torch.so").write_bytes(b"\x7fELF")
    found = predict(str(site.parents[2] / "bin" / "python"), environment(site))
    assert unrefuted(found.symptoms, Evidence()) == found.symptoms
    facts = replace(environment(site), symptoms=tuple(found.symptoms))
    finding = next(each for each in diagnose(facts, all_rules()).findings if each.rule == "compiled-file-damaged")
    assert (finding.certainty, finding.evidence[0].source) == (Certainty.LIKELY, "read in torch.so")


@pytest.mark.parametrize("facts", [Snapshot(system=System(os="Darwin")), Snapshot(system=System(os="Linux"))])
def test_other_systems_and_empty_environments_are_not_looked_at(facts: Snapshot) -> None:
    assert predict(sys.executable, facts) == Evidence()


def test_an_import_speaks_for_what_it_imports(site: Path) -> None:
    def of(name: str) -> Symptom:
        return Symptom(kind=SymptomKind.FILE_DAMAGED, text="", subject=name, details={PREDICTED: "files"})

    tried = Evidence(claims=[Claim("imports[jax]", {"status": "imported"}, "", Trust.MEASURED)])
    tried.claims.append(Claim("imports[torch]", {"status": "failed"}, "", Trust.MEASURED))
    assert unrefuted([of("jaxlib"), of("numpy"), of("torch"), of("cv2")], tried) == [of("torch"), of("cv2")]


def test_a_file_that_one_package_lost_is_missed_by_those_that_import_it() -> None:
    details = {"library": "/e/numpy.libs/libgfortran-1a.so.5", "reason": "absent", PREDICTED: "files"}
    lost = Symptom(kind=SymptomKind.FILE_DAMAGED, text="", subject="numpy", details=details)
    missed = Symptom(kind=SymptomKind.LIBRARY_NOT_FOUND, text="", subject="torch", details={"library": "libgfortran-1a.so.5"})
    other = Symptom(kind=SymptomKind.LIBRARY_NOT_FOUND, text="", subject="cv2", details={"library": "libGL.so.1"})
    assert [each.subject for each in unrefuted([lost], Evidence(symptoms=[missed, other]))] == ["numpy", "torch"]


@pytest.mark.parametrize(
    ("level", "features", "missing"),
    [
        ("3", ("sse4_2", "sse4_1", "ssse3", "popcnt"), "avx"),
        ("3", ("sse4_2", "sse4_1", "ssse3", "popcnt", "avx"), "avx2"),
        ("2", ("ssse3",), "sse4_2"),
        ("2", ("sse4_2", "sse4_1", "ssse3", "popcnt"), None),
        ("4", (), None),
    ],
)
def test_only_what_the_processor_lacks_is_told(level: str, features: tuple[str, ...], missing: str | None) -> None:
    said = Said("torch", "needs a level", {"kind": "arch-not-supported", "level": level, "source": "read in x.so"})
    told = predictions(Answer("linkage", Ending.ANSWERED, said=[said]), Snapshot(cpu=Cpu(features=features)))
    assert [symptom.details["capability"] for symptom in told] == ([missing] if missing else [])


def test_the_folders_are_asked_for_in_the_order_of_the_search_path() -> None:
    of_user = UserSite(path="/home/u/site", enabled=True)
    python = Python(python_path=("relative", "/extra"), user_site=of_user, site_folders=("/env/site", "/extra"), prefix="/env", tags=(TAG,))
    arguments = linkage_task("/env/bin/python", Snapshot(python=python)).arguments
    assert [each for each in arguments if each.startswith("site=")] == ["site=/extra", "site=/home/u/site", "site=/env/site"]
    assert {"python=/env/bin/python", "prefix=/env", f"tag={TAG}"} <= set(arguments)
