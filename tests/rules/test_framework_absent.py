"""framework-absent: only what was asked for can be missing."""

from envcheck.facts.snapshot import Completeness, Import, Observed, Package, PackageState, Python, Snapshot, System
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Outcome, Passed
from envcheck.prescribing.required import install_missing
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Safety, Severity
from envcheck.rules.framework_absent import RULE

ALL, SOME = Observed(packages=Completeness.COMPLETE), Observed(packages=Completeness.PARTIAL)
MISSING = Symptom(kind=SymptomKind.MODULE_NOT_FOUND, text="No module named 'sklearn'", details={"module": "sklearn"})
ABSENT = Import(name="torch", status="absent")


def judge(*imports: Import, requirements: tuple[Requirement, ...] = (), observed: Observed = ALL, **facts: object) -> list[Outcome]:
    python = Python(executable="/env/bin/python")
    return list(RULE.check(Case(Snapshot(imports=imports, observed=observed, python=python, **facts), requirements)))


def test_a_framework_that_was_named_and_is_not_there_is_an_error_with_the_command() -> None:
    (found,) = judge(ABSENT, packages=(Package(name="pip", state=PackageState.OK),))
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.message == "torch was asked for and is not installed in /env/bin/python."
    assert found.remedies[0].steps[0].run == ("/env/bin/python", "-m", "pip", "install", "torch")


def test_a_missing_module_is_installed_by_its_distributions_name() -> None:
    (found,) = judge(symptoms=(MISSING,), packages=(Package(name="pip", state=PackageState.OK),))
    assert isinstance(found, Found)
    assert found.remedies[0].steps[0].run[-1] == "scikit-learn"
    assert found.symptoms == (MISSING,)


def test_a_framework_that_envcheck_does_not_know_can_be_absent_too() -> None:
    (found,) = judge(Import(name="paddle_ocr", status="absent"))
    assert isinstance(found, Found)
    assert found.message.startswith("paddle-ocr was asked for")
    assert found.remedies[0].manager == "manual"


def test_the_requirement_of_a_profile_speaks_for_itself() -> None:
    requirement = Requirement(fact="packages[torch].version", operator=Operator.AT_LEAST, level=Level.SHOULD, bound="2.8")
    assert [type(each) for each in judge(ABSENT, requirements=(requirement,))] == [NotApplicable]


def test_a_requirement_on_another_package_does_not_silence_it() -> None:
    requirement = Requirement(fact="packages[torchvision].version", operator=Operator.AT_LEAST, level=Level.MUST, bound="0.2")
    assert [type(each) for each in judge(ABSENT, requirements=(requirement,))] == [Found]


def test_what_is_installed_after_all_passes() -> None:
    package = Package(name="scikit-learn", state=PackageState.OK)
    assert [type(each) for each in judge(symptoms=(MISSING,), packages=(package,))] == [Passed]


def test_the_import_itself_shows_it_where_the_list_of_packages_is_not_complete() -> None:
    imports = (Import(name="numpy", status="imported"), ABSENT)
    assert [type(each) for each in judge(*imports, observed=SOME)] == [Found]


def test_imports_that_came_up_show_that_they_are_there() -> None:
    assert [type(each) for each in judge(Import(name="numpy", status="imported"))] == [Passed]


def test_an_environment_without_frameworks_is_not_ill() -> None:
    assert [type(each) for each in judge()] == [NotApplicable]


def test_a_text_with_the_error_alone_is_enough() -> None:
    """Python says it only where the package itself is not there."""
    found = judge(symptoms=(MISSING,), observed=SOME)[0]
    assert isinstance(found, Found)
    assert found.symptoms == (MISSING,)


def test_a_missing_part_of_a_package_is_no_missing_package() -> None:
    """`No module named 'sklearn.svm'`: another version, or a file that shadows it."""
    part = Symptom(kind=SymptomKind.MODULE_NOT_FOUND, text="No module named 'sklearn.svm'", details={"module": "sklearn.svm"})
    assert [type(each) for each in judge(symptoms=(part,), observed=SOME)] == [NotApplicable]


def test_torch_comes_from_where_the_build_is_that_fits_the_machine_as_for_a_profile() -> None:
    facts = Snapshot(
        imports=(ABSENT,),
        observed=Observed(packages=Completeness.COMPLETE, accelerators=Completeness.COMPLETE),
        system=System(os="Linux", machine="x86_64"),
        python=Python(executable="/env/bin/python", version="3.12.3"),
        packages=(Package(name="pip", state=PackageState.OK),),
    )
    (found,) = RULE.check(Case(facts))
    assert isinstance(found, Found)
    requirement = Requirement(fact="packages[torch]", operator=Operator.INSTALLED, level=Level.MUST, bound="")
    assert found.remedies == (install_missing(Case(facts), requirement),)
    assert found.remedies[0].steps[0].run[-3:] == ("--index-url", "https://download.pytorch.org/whl/cpu", "torch")
    assert found.remedies[0].safety is Safety.SAFE
