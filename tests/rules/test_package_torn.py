"""package-torn: installations that stopped half-way."""

import pytest

from envcheck.facts.snapshot import Completeness, Import, Observed, Package, PackageState, Python, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.package_torn import RULE

ALL = Observed(packages=Completeness.COMPLETE)
TORN = Package(name="torch", state=PackageState.TORN, version="2.8.0", manager="pip", detail="2.7.1 and 2.8.0 lie in the same folder")


def judge(*packages: Package, observed: Observed = ALL, imports: tuple[Import, ...] = (), live: bool = True) -> list[Outcome]:
    python = Python(executable="/env/bin/python")
    snapshot = Snapshot(packages=packages, observed=observed, imports=imports, live=live, python=python)
    return list(RULE.check(Case(snapshot)))


def test_two_versions_in_one_folder_are_named_with_a_remedy() -> None:
    pip = Package(name="pip", state=PackageState.OK)
    (found,) = judge(TORN, pip)
    assert isinstance(found, Found)
    assert found.message == "torch 2.8.0 is half-installed: 2.7.1 and 2.8.0 lie in the same folder."
    assert [step.run for step in found.remedies[0].steps] == [
        ("/env/bin/python", "-m", "pip", "install", "--force-reinstall", "--no-deps", "torch==2.8.0")
    ]


@pytest.mark.parametrize(
    ("status", "severity"),
    [("failed", Severity.ERROR), ("crashed", Severity.ERROR), ("imported", Severity.WARNING), (None, Severity.WARNING)],
)
def test_it_is_an_error_only_where_the_import_did_not_come_up(status: str | None, severity: Severity) -> None:
    imports = (Import(name="torch", status=status),) if status else ()
    (found,) = judge(TORN, imports=imports)
    assert isinstance(found, Found)
    assert found.severity is severity


@pytest.mark.parametrize(
    ("name", "detail", "severity"),
    [
        ("opencv-python", "its RECORD lists cv2/, which is not there", Severity.ERROR),
        ("opencv-python", "left over from an interrupted removal: ~v2", Severity.WARNING),
        ("torch", "several records of it in one folder: torch-2.7.1.dist-info, torch-2.8.0.dist-info", Severity.WARNING),
        ("six", "its RECORD lists six/, which is not there", Severity.WARNING),
    ],
)
def test_untried_a_framework_without_its_files_is_an_error(name: str, detail: str, severity: Severity) -> None:
    (found,) = judge(Package(name=name, state=PackageState.TORN, detail=detail))
    assert isinstance(found, Found)
    assert found.severity is severity


def test_a_folder_that_pip_forgot_is_a_hint_and_no_cause() -> None:
    package = Package(
        name="torch", state=PackageState.TORN, version="2.8.0", location="/env/lib", detail="left over from an interrupted removal: ~orch"
    )
    (found,) = judge(package, imports=(Import(name="torch", status="failed"),))
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.message == "torch 2.8.0 has a folder beside it that nothing uses: left over from an interrupted removal: ~orch."
    assert found.remedies[0].steps[0].do == "delete ~orch in /env/lib"
    assert "torch" not in found.about


def test_a_leftover_without_a_name_is_deleted_and_never_named_to_pip() -> None:
    detail = "left over from an interrupted removal: ~orch-2.7.0.dist-info"
    (found,) = judge(Package(name="~orch", state=PackageState.TORN, location="/env/lib", detail=detail))
    assert isinstance(found, Found)
    assert found.message == "A removal that was interrupted left something behind: ~orch-2.7.0.dist-info."
    assert [(step.run, step.do) for step in found.remedies[0].steps] == [((), "delete ~orch-2.7.0.dist-info in /env/lib")]


def test_every_record_of_several_is_removed_before_the_installation() -> None:
    package = Package(
        name="torch",
        state=PackageState.TORN,
        version="2.8.0",
        location="/env/lib",
        manager="pip",
        others=("2.7.1 at /env/lib", "1.13.1 at /home/me/.local/lib"),
    )
    (found,) = judge(package, Package(name="pip", state=PackageState.OK))
    assert isinstance(found, Found)
    assert [step.run[3] for step in found.remedies[0].steps] == ["uninstall", "uninstall", "install"]


def test_whole_packages_pass() -> None:
    assert [type(outcome) for outcome in judge(Package(name="torch", state=PackageState.OK))] == [Passed]


def test_a_pasted_list_does_not_show_it() -> None:
    assert [type(outcome) for outcome in judge(Package(name="torch", state=PackageState.OK), live=False)] == [NotApplicable]


def test_it_is_not_evaluated_where_no_packages_were_looked_for() -> None:
    assert [type(outcome) for outcome in judge(observed=Observed())] == [NotEvaluated]
