"""Commands of remedies, by environment and manager."""

import pytest

from envcheck.facts.snapshot import Completeness, Observed, Package, PackageState, Python, Snapshot, System
from envcheck.prescribing.install import by_hand, install, interpreter, manager_for, replace, uninstall
from envcheck.report import Safety, Step

PYTHON = "/env/bin/python"


def package(name: str, manager: str = "pip", **more: str) -> Package:
    return Package(name=name, state=PackageState.OK, manager=manager, **more)


PIP = package("pip")


def machine(*packages: Package, system: str = "Linux", live: bool = False, **python: object) -> Snapshot:
    return Snapshot(
        system=System(os=system),
        python=Python(**{"executable": PYTHON, **python}),
        packages=packages,
        observed=Observed(packages=Completeness.COMPLETE),
        live=live,
    )


CONDA = {"environment": "conda", "prefix": "/opt/conda/envs/ml", "created_by": "conda"}


class TestManager:
    @pytest.mark.parametrize(
        ("facts", "manager"),
        [
            pytest.param(machine(PIP, environment="venv"), "pip", id="a virtual environment"),
            pytest.param(machine(environment="venv", created_by="uv"), "uv", id="uv's, without pip"),
            pytest.param(machine(PIP, environment="venv", created_by="uv"), "pip", id="uv's, with pip"),
            pytest.param(machine(PIP, **CONDA), "conda", id="something new for conda"),
            pytest.param(machine(**CONDA), "conda", id="conda without pip"),
            pytest.param(machine(PIP, package("numpy"), **CONDA), "pip", id="conda where pip brought the frameworks"),
            pytest.param(machine(PIP, package("numpy", "conda"), package("six"), **CONDA), "conda", id="conda where it brought them"),
            pytest.param(machine(package("torch", "conda"), PIP, **CONDA), "conda", id="what conda installed"),
            pytest.param(machine(package("torch"), package("numpy", "conda"), PIP, **CONDA), "pip", id="what pip installed into conda's"),
            pytest.param(machine(package("torch", "system"), PIP, environment="system"), "pip", id="what the system installed"),
            pytest.param(Snapshot(), "pip", id="nothing known"),
        ],
    )
    def test_what_is_there_decides(self, facts: Snapshot, manager: str) -> None:
        assert manager_for(facts, "torch") == manager


class TestInstall:
    def test_pip_is_called_through_the_examined_interpreter(self) -> None:
        remedy = install(machine(PIP), "torch>=2.8", "numpy<2", summary="update", index="https://example.org/whl/cu128")
        assert [step.run for step in remedy.steps] == [
            (PYTHON, "-m", "pip", "install", "--index-url", "https://example.org/whl/cu128", "torch>=2.8", "numpy<2")
        ]
        assert (remedy.manager, remedy.safety, remedy.summary) == ("pip", Safety.UNSAFE, "update")

    def test_uv_is_told_the_interpreter(self) -> None:
        remedy = install(machine(), "torch", summary="", manager="uv", reinstall=True)
        assert remedy.steps[0].run == ("uv", "pip", "install", "--python", PYTHON, "--reinstall", "torch")

    @pytest.mark.parametrize(
        ("manager", "options", "flags"),
        [
            ("pip", {"reinstall": True}, ("--force-reinstall",)),
            ("pip", {"reinstall": True, "dependencies": False}, ("--force-reinstall", "--no-deps")),
            ("pip", {"over_damaged": True}, ("--ignore-installed",)),
            ("uv", {"over_damaged": True, "dependencies": False}, ("--reinstall", "--no-deps")),
            ("pip", {}, ()),
        ],
    )
    def test_flags_are_those_of_the_manager(self, manager: str, options: dict[str, bool], flags: tuple[str, ...]) -> None:
        (step,) = install(machine(PIP), "torch", summary="", manager=manager, **options).steps
        assert step.run[step.run.index("install") + 1 :] == (*(("--python", PYTHON) if manager == "uv" else ()), *flags, "torch")

    @pytest.mark.parametrize(
        ("system", "inside"), [("Linux", ".venv/bin/python"), ("Darwin", ".venv/bin/python"), ("Windows", ".venv\\Scripts\\python.exe")]
    )
    def test_a_python_that_the_system_manages_gets_an_environment_first(self, system: str, inside: str) -> None:
        facts = machine(PIP, system=system, executable="/usr/bin/python3", environment="system", externally_managed=True)
        assert [step.run for step in install(facts, "torch", summary="").steps] == [
            ("/usr/bin/python3", "-m", "venv", ".venv"),
            (inside, "-m", "pip", "install", "torch"),
        ]

    def test_a_virtual_environment_of_such_a_python_is_free(self) -> None:
        facts = machine(PIP, environment="venv", externally_managed=True)
        assert len(install(facts, "torch", summary="").steps) == 1

    def test_an_environment_without_pip_gets_it_first_where_that_is_sure(self) -> None:
        steps = install(machine(environment="venv", live=True), "torch", summary="").steps
        assert steps[0].run == (PYTHON, "-m", "ensurepip", "--upgrade")
        assert len(install(machine(environment="venv", live=False), "torch", summary="").steps) == 1

    def test_without_a_known_interpreter_the_command_is_still_whole(self) -> None:
        assert install(Snapshot(), "torch", summary="").steps[0].run == ("python", "-m", "pip", "install", "torch")

    @pytest.mark.parametrize(
        ("requirement", "conda"),
        [
            ("torch>=2.8", "pytorch>=2.8"),
            ("torch==2.8.0+cu128", "pytorch==2.8.0"),
            ("numpy <2, >=1.26", "numpy<2,>=1.26"),
            ("jax[cuda12]>=0.7", "jax>=0.7"),
            ("opencv-python-headless", "opencv"),
            ("ray[default]==2.60.0", "ray-default==2.60.0"),
            ("numpy<2; python_version < '3.9'", "numpy<2"),
            ("scikit-learn", "scikit-learn"),
        ],
    )
    def test_conda_gets_its_own_names_and_no_extras(self, requirement: str, conda: str) -> None:
        remedy = install(machine(**CONDA), requirement, summary="", manager="conda", index="https://example.org/whl/cpu")
        assert remedy.steps[0].run == (
            *("conda", "install", "--yes", "--prefix", "/opt/conda/envs/ml", "--channel", "conda-forge"),
            conda,
        )

    @pytest.mark.parametrize(
        ("channel", "used"),
        [("pkgs/main", "defaults"), ("defaults", "defaults"), ("conda-forge", "conda-forge"), ("pytorch", "conda-forge")],
    )
    def test_channels_are_not_mixed(self, channel: str, used: str) -> None:
        facts = machine(package("numpy", "conda", channel=channel), **CONDA)
        run = install(facts, "numpy<2", summary="", manager="conda").steps[0].run
        assert run[run.index("--channel") + 1] == used

    def test_no_argument_is_ever_a_shell_line(self) -> None:
        hostile = machine(PIP, executable="/home/me/my env; rm -rf ~/bin/python")
        (step,) = install(hostile, "torch", summary="").steps
        assert step.run[0] == "/home/me/my env; rm -rf ~/bin/python"


class TestUninstall:
    @pytest.mark.parametrize(
        ("manager", "run"),
        [
            ("pip", (PYTHON, "-m", "pip", "uninstall", "--yes", "a", "b")),
            ("uv", ("uv", "pip", "uninstall", "--python", PYTHON, "a", "b")),
            ("conda", ("conda", "remove", "--yes", "--prefix", "/opt/conda/envs/ml", "a", "b")),
        ],
    )
    def test_it_asks_nothing(self, manager: str, run: tuple[str, ...]) -> None:
        assert uninstall(machine(**CONDA), "a", "b", manager=manager).run == run

    def test_names_that_are_one_in_conda_are_given_once(self) -> None:
        step = uninstall(machine(), "opencv-python", "opencv-python-headless", manager="conda")
        assert step.run == ("conda", "remove", "--yes", "opencv")


class TestReplace:
    def test_all_are_removed_before_one_is_installed(self) -> None:
        facts = machine(package("a"), package("b"), PIP)
        assert [step.run[3:] for step in replace(facts, ["a", "b"], "a==1", summary="").steps] == [
            ("uninstall", "--yes", "a", "b"),
            ("install", "a==1"),
        ]

    def test_each_is_removed_by_the_manager_that_brought_it(self) -> None:
        facts = machine(package("a", "conda"), package("b"), package("c", "system"), PIP, **CONDA)
        remedy = replace(facts, ["a", "b", "c"], "b", summary="")
        assert [step.do or step.run[:4] for step in remedy.steps] == [
            "remove c with the package manager of the operating system",
            ("conda", "remove", "--yes", "--prefix"),
            (PYTHON, "-m", "pip", "uninstall"),
            (PYTHON, "-m", "pip", "install"),
        ]

    def test_all_of_conda_stay_with_conda(self) -> None:
        facts = machine(package("a", "conda"), package("b", "conda"), **CONDA)
        remedy = replace(facts, ["a", "b"], "a", summary="")
        assert remedy.manager == "conda"
        assert {step.run[0] for step in remedy.steps} == {"conda"}

    def test_pip_is_brought_before_it_removes_anything(self) -> None:
        facts = machine(package("a"), environment="venv", live=True)
        steps = [step.run[2:4] for step in replace(facts, ["a"], "a==1", summary="").steps]
        assert steps == [("ensurepip", "--upgrade"), ("pip", "uninstall"), ("pip", "install")]

    def test_pip_removes_each_record_and_conda_all_at_once(self) -> None:
        assert len(replace(machine(package("a"), PIP), ["a"], "a", summary="", records=3).steps) == 4
        assert len(replace(machine(package("a", "conda"), **CONDA), ["a"], "a", summary="", records=3).steps) == 2

    def test_where_pip_may_remove_nothing_a_new_environment_is_left(self) -> None:
        facts = machine(package("a"), package("b"), PIP, environment="system", externally_managed=True)
        assert [step.run[1:3] for step in replace(facts, ["a", "b"], "a", summary="").steps] == [("-m", "venv"), ("-m", "pip")]


def test_a_remedy_by_hand_keeps_words_and_commands_in_their_order() -> None:
    remedy = by_hand("mend it", "look", Step(run=("ls",)))
    assert (remedy.manager, remedy.safety) == ("manual", Safety.MANUAL)
    assert [(step.do, step.run) for step in remedy.steps] == [("look", ()), ("", ("ls",))]


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (Snapshot(system=System(os="Darwin")), "python3"),
        (Snapshot(system=System(os="Linux")), "python3"),
        (Snapshot(system=System(os="Windows")), "python"),
        (Snapshot(), "python"),
        (Snapshot(system=System(os="Linux"), python=Python(environment="conda")), "python"),
        (Snapshot(system=System(os="Linux"), python=Python(executable=PYTHON)), PYTHON),
    ],
)
def test_an_interpreter_without_a_path_has_the_name_that_its_system_gives_it(facts: Snapshot, name: str) -> None:
    assert interpreter(facts) == name
