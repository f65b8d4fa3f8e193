"""requirement-of-package-unmet: what installed frameworks say that they need."""

import pytest

from envcheck.facts.snapshot import Completeness, Import, Observed, Package, PackageState, Python, Snapshot, System
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.requirement_of_package_unmet import RULE

ALL = Observed(packages=Completeness.COMPLETE)
LINUX = System(os="Linux", machine="x86_64")
PYTHON = Python(executable="/env/bin/python", version="3.11.7", implementation="CPython")


def package(name: str, version: str = "1.0", *requires: str, manager: str = "pip") -> Package:
    return Package(name=name, version=version, state=PackageState.OK, manager=manager, requires=requires)


def judge(*packages: Package, observed: Observed = ALL, **facts: object) -> list[Outcome]:
    snapshot = Snapshot(packages=packages, observed=observed, **{"system": LINUX, "python": PYTHON, **facts})
    return list(RULE.check(Case(snapshot)))


def findings(*packages: Package, **facts: object) -> list[Found]:
    return [outcome for outcome in judge(*packages, **facts) if isinstance(outcome, Found)]


def test_a_missing_requirement_is_an_error_with_the_command_that_brings_it() -> None:
    (found,) = judge(package("torch", "2.8.0", "filelock", "sympy>=1.13.3"), package("filelock"), package("pip"))
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.message == "torch 2.8.0 needs sympy>=1.13.3, and it is not installed."
    assert found.remedies[0].steps[0].run == ("/env/bin/python", "-m", "pip", "install", "sympy>=1.13.3")


def test_it_is_a_warning_where_the_framework_comes_up_without_it() -> None:
    (found,) = findings(package("torch", "2.8.0", "sympy"), imports=(Import(name="torch", status="imported"),))
    assert found.severity is Severity.WARNING


def test_another_framework_that_comes_up_does_not_soften_it() -> None:
    imports = (Import(name="numpy", status="imported"), Import(name="torch", status="failed"))
    (found,) = findings(package("torch", "2.8.0", "sympy"), imports=imports)
    assert found.severity is Severity.ERROR


def test_a_version_out_of_range_is_a_warning() -> None:
    (found,) = findings(package("transformers", "4.56.0", "huggingface_hub<1.0,>=0.34"), package("huggingface-hub", "1.2.0"))
    assert found.severity is Severity.WARNING
    assert found.message == "transformers 4.56.0 needs huggingface_hub<1.0,>=0.34, and huggingface-hub 1.2.0 is installed."


@pytest.mark.parametrize(
    ("requirement", "installed"),
    [
        ("numpy<2.7,>=1.26.4", "1.26.4"),
        ("numpy<2.7,>=1.26.4", "2.6.9"),
        ("torch==2.8.0", "2.8.0+cu128"),
        ("numpy>=2.0", "2.1.0rc1"),
        ("numpy>=2.0", "a build of our own"),
        ("numpy @ https://example.org/numpy.whl", "0.1"),
        ("numpy>=9; python_version < '3.9'", "1.0"),
        ("numpy>=9; sys_platform == 'win32'", "1.0"),
        ("numpy>=9; platform_machine == 'aarch64'", "1.0"),
        ("numpy>=9; extra == 'test'", "1.0"),
        ("this is no requirement at all", "1.0"),
    ],
)
def test_versions_and_markers_that_fit_pass(requirement: str, installed: str) -> None:
    name = requirement[:5]
    assert findings(package("scikit-learn", "1.7", requirement), package(name, installed)) == []


def test_one_step_outside_the_range_is_found() -> None:
    assert len(findings(package("scipy", "1.17", "numpy<2.7,>=1.26.4"), package("numpy", "1.26.3"))) == 1
    assert len(findings(package("scipy", "1.17", "numpy<2.7,>=1.26.4"), package("numpy", "2.7.0"))) == 1


def test_markers_are_those_of_the_examined_interpreter_not_of_envchecks_own() -> None:
    old = Python(version="3.8.18", implementation="CPython")
    assert len(findings(package("scipy", "1.0", "numpy>=9; python_version < '3.9'"), package("numpy"), python=old)) == 1


def test_another_distribution_of_the_same_module_serves() -> None:
    assert findings(package("keras", "3.0", "tensorflow>=2"), package("tensorflow-cpu", "2.20.0")) == []


def test_torchvisions_torch_is_left_to_its_own_rule() -> None:
    assert findings(package("torchvision", "0.23.0", "torch==2.8.0"), package("torch", "2.7.0")) == []


def test_conda_answers_for_what_conda_installed() -> None:
    conda = package("tensorflow", "2.17", "libclang>=13", "numpy<2", manager="conda")
    assert findings(conda, package("numpy", "2.1", manager="conda")) == []


def test_what_pip_put_over_condas_packages_is_found() -> None:
    conda = package("tensorflow", "2.17", "libclang>=13", "numpy<2", manager="conda")
    (found,) = findings(conda, package("numpy", "2.1", manager="pip"))
    assert "needs numpy<2, and numpy 2.1 is installed" in found.message


def test_what_is_fulfilled_passes() -> None:
    assert [type(each) for each in judge(package("torch", "2.8.0", "filelock"), package("filelock"))] == [Passed]


def test_without_frameworks_the_question_does_not_arise() -> None:
    assert [type(each) for each in judge(package("requests", "2", "idna"))] == [NotApplicable]


def test_it_is_not_evaluated_where_the_requirements_or_the_platform_are_not_known() -> None:
    told = package("torch", "2.8.0", "filelock")
    assert [type(each) for each in judge(Package(name="torch", state=PackageState.OK))] == [NotEvaluated]
    assert [type(each) for each in judge(told, python=Python())] == [NotEvaluated]
    assert [type(each) for each in judge(told, observed=Observed(packages=Completeness.PARTIAL))] == [NotEvaluated]


def test_metadata_without_end_is_read_to_a_bound() -> None:
    hostile = package("torch", "2.8.0", *(f"package-{number}" for number in range(10_000)))
    assert len(findings(hostile)) == 400


@pytest.mark.parametrize(
    "line",
    ["numpy>=" + "9" * 5000, "numpy; " + "(" * 900 + "python_version>'3'" + ")" * 900, "numpy[" + "a," * 10_000 + "a]", "\0", "("],
    ids=["digits", "brackets", "extras", "NUL", "no name"],
)
def test_a_line_that_no_framework_writes_is_passed_over(line: str) -> None:
    (found,) = findings(package("torch", "2.8.0", line, "sympy"), package("numpy", "2.0"))
    assert "sympy" in found.message


def complaint(by: str = "tensorflow 2.15.0", of: str = "ml-dtypes", have: str = "0.4.0") -> Symptom:
    details = {"by": by, "package": of, "need": "~=0.2.0", "have": have}
    return Symptom(
        kind=SymptomKind.VERSION_CONFLICT, subject="pip", text=f"{by} requires {of}~=0.2.0, but you have {have}", details=details
    )


def test_of_a_text_pips_complaint_is_a_likely_cause() -> None:
    (found,) = findings(observed=Observed(), symptoms=(complaint(),))
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    assert found.message == "tensorflow 2.15.0 needs ml-dtypes~=0.2.0, and ml-dtypes 0.4.0 is installed."
    assert found.would_confirm


@pytest.mark.parametrize(
    "said",
    [complaint(by="google-colab 1.0.0"), complaint(by="torchvision 0.20.1", of="torch"), complaint(of="python")],
    ids=["nobody's framework", "a rule of its own", "the interpreter"],
)
def test_other_complaints_are_left_alone(said: Symptom) -> None:
    assert not findings(observed=Observed(), symptoms=(said,))


def test_what_was_mended_since_is_no_complaint() -> None:
    assert not findings(package("ml-dtypes", "0.2.0"), observed=Observed(), symptoms=(complaint(),))


def test_no_command_is_given_for_a_package_that_only_the_text_knows() -> None:
    (known,) = findings(observed=Observed(), symptoms=(complaint(of="numpy"),))
    assert known.remedies[0].steps[0].run[-1] == "numpy~=0.2.0"
    (stranger,) = findings(observed=Observed(), symptoms=(complaint(of="totally-fine"),))
    assert not stranger.remedies[0].steps[0].run


def command(found: Found) -> list[str]:
    return list(found.remedies[0].steps[-1].run[4:])


SCIPY = package("scipy", "1.11.4", "numpy<1.28.0,>=1.21.6")
PANDAS = package("pandas", "3.1.1", "numpy>=2.0.2")


@pytest.mark.parametrize(("numpy", "complains", "other"), [("1.26.4", "pandas", "scipy 1.11.4"), ("2.1.0", "scipy", "pandas 3.1.1")])
def test_two_that_exclude_each_other_are_mended_by_one_command_whichever_is_broken_now(numpy: str, complains: str, other: str) -> None:
    (found,) = findings(package("numpy", numpy), SCIPY, PANDAS, package("scikit-learn", "1.9.1", "numpy>=1.24.1"), package("pip"))
    assert found.subject.startswith(complains)
    assert f"; {other} needs numpy" in found.message
    assert found.message.endswith("as they are, both cannot be met.")
    assert command(found) == ["--upgrade", "scipy", "numpy>=2.0.2"]
    assert any(proof.fact == f"packages[{other.split(maxsplit=1)[0]}].requires" for proof in found.evidence)


def test_the_remedy_keeps_within_what_the_others_accept() -> None:
    (found,) = findings(package("numpy", "1.26.4"), package("scipy", "1.17", "numpy<2.7,>=1.26.4"), PANDAS, package("pip"))
    assert "cannot be met" not in found.message
    assert command(found) == ["numpy>=2.0.2,<2.7"]


def test_packages_that_are_no_frameworks_and_other_shared_ones_count_as_well() -> None:
    proto, status = package("mlflow", "3.0", "protobuf<7,>=3.12"), package("grpcio-status", "1.62", "protobuf<5,>=4.21")
    (found,) = findings(package("protobuf", "4.25"), package("tensorflow", "2.21", "protobuf>=6.31"), proto, status, package("pip"))
    assert command(found) == ["--upgrade", "grpcio-status", "protobuf>=6.31,<7"]


def test_a_bound_of_another_platform_or_of_an_extra_binds_nobody() -> None:
    elsewhere = package("scipy", "1.11.4", "numpy<1.28; sys_platform == 'win32'", "numpy<1.28; extra == 'test'")
    (found,) = findings(package("numpy", "1.26.4"), elsewhere, PANDAS, package("pip"))
    assert command(found) == ["numpy>=2.0.2"]


def test_conda_upgrades_what_it_is_named_without_pips_option() -> None:
    facts = {"python": Python(executable="/c/bin/python", version="3.11.7", environment="conda", prefix="/c")}
    pandas = package("pandas", "3.1.1", "numpy>=2.0.2")
    (found,) = findings(package("numpy", "1.26.4", manager="conda"), SCIPY, pandas, **facts)
    assert "--upgrade" not in found.remedies[0].steps[-1].run
    assert found.remedies[0].steps[-1].run[-2:] == ("scipy", "numpy>=2.0.2")
