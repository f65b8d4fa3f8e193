"""A checker of plans that knows nothing of the planner: the tables' own rows, and Python's own rules of versions."""

import functools
import itertools
import re
from collections.abc import Iterator

import msgspec
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from envcheck.facts.snapshot import Snapshot
from envcheck.planning.plan import Plan
from envcheck.profiles.load import chain, load_profile
from tests.choosing import test_every_constraint as constraints
from tests.choosing.test_every_constraint import Machine, number, rows

# The Pythons that a plan may turn to where the machine's own has nothing.
PYTHONS = ("3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
GPU_FRAMEWORKS = ("torch", "tensorflow", "jax")
GPU_PACKAGES = ("xgboost", "onnxruntime-gpu")


def with_cards() -> Iterator[Machine]:
    every = itertools.product(constraints.DRIVERS, constraints.CARDS, constraints.PYTHONS, constraints.PLATFORMS, constraints.GLIBCS)
    for driver, card, python, platform, glibc in itertools.islice(every, 0, None, 997):
        yield constraints.machine_of(driver, (card,), python, platform, glibc)


def without_cards() -> Iterator[Machine]:
    for python, platform, glibc in itertools.product(
        ("3.7", "3.9", "3.11", "3.12", "3.13t", "3.14"), constraints.PLATFORMS, ("2.17", "2.36")
    ):
        yield constraints.machine_of(None, (), python, platform, glibc)
    for machine, macos, python in itertools.product(("arm64", "x86_64"), ("12.6", "15.1"), ("3.9", "3.12", "3.14")):
        yield {**constraints.machine_of(None, (), python, ("Darwin", machine), ""), "macos": macos}


MACHINES = (*with_cards(), *without_cards())


def facts_of(machine: Machine) -> Snapshot:
    facts = constraints.snapshot(machine)
    if machine["os"] != "Darwin":
        return facts
    system = msgspec.structs.replace(facts.system, distribution_version=machine["macos"])
    return msgspec.structs.replace(facts, system=system)


def platform_of(machine: Machine) -> str:
    return f"macos_{machine['machine']}" if machine["os"] == "Darwin" else constraints.platform_of(machine)


def system_fits(machine: Machine, glibc: str, macos: str) -> bool:
    if machine["os"] == "Darwin":
        return bool(not macos or number(machine["macos"]) >= number(macos))
    return constraints.glibc_fits(machine, glibc or "0")


@functools.cache
def accepts(specifier: str, version: str) -> bool:
    return SpecifierSet(specifier).contains(Version(version), prereleases=True)


def tag_serves(tag: str, python: str) -> bool:
    if tag.endswith("+"):
        return not python.endswith("t") and number(python) >= number(tag[:-1])
    return tag in ("py3", python)


def python_serves(tags: list[str], requires: str, python: str) -> bool:
    return accepts(requires, python.rstrip("t")) and any(tag_serves(tag, python) for tag in tags)


@functools.cache
def versions_of(package: str) -> tuple[str, ...]:
    found = {row["version"] for row in rows("python_wheels", "wheel") if row["package"] == package}
    found |= {row["version"] for row in rows("packages", "release") if row["name"] == package}
    return tuple(sorted(found, key=Version, reverse=True))


def wheel_fits(package: str, version: str, machine: Machine, python: str) -> bool:
    """By the row of the platform, where the wheels of that release were read; a release without any wheel is a source distribution."""
    system = {"Linux": "linux", "Windows": "windows", "Darwin": "macos"}[machine["os"]]
    read = [row for row in rows("python_wheels", "wheel") if (row["package"], row["version"]) == (package, version)]
    here = [row for row in read if (row["os"], row["machine"], row.get("libc", "")) == (system, machine["machine"].lower(), "")]
    if here:
        oldest = dict(entry.split(":") for entry in here[0].get("later", ())).get(python)
        glibc, macos = oldest or here[0].get("glibc_min", ""), oldest or here[0].get("macos", "")
        return python_serves(here[0]["python"], here[0]["requires_python"], python) and system_fits(machine, glibc, macos)
    for row in rows("packages", "release"):
        if (row["name"], row["version"]) == (package, version):
            if not any(other["python"] for other in rows("packages", "release") if other["name"] == package):
                return accepts(row["requires_python"], python.rstrip("t"))
            on_platform = "any" in row["platforms"] or platform_of(machine) in row["platforms"]
            glibc = "" if "any" in row["platforms"] else row["glibc_min"]
            return on_platform and python_serves(row["python"], row["requires_python"], python) and system_fits(machine, glibc, "")
    return False


def cuda_wheel_fits(package: str, version: str, machine: Machine, python: str) -> bool:
    for row in rows("package_cuda", "cuda"):
        if row["package"] == package and number(row["first"]) <= number(version) <= number(row["last"]):
            cards = all(
                number(card) >= number(row["capability_min"] or "0")
                and (not row["targets"] or constraints.card_is_served(machine, card, row["targets"], row["cuda"]))
                for card in machine["cards"]
            )
            here = platform_of(machine) in row["platforms"] and system_fits(machine, row.get("glibc", ""), "")
            driver = constraints.driver_fits({**machine, "any_cuda": True}, row["cuda"], row["driver_min"])
            return cards and here and driver and wheel_fits(package, version, machine, python)
    return False


def cpu_fits(package: str, version: str, machine: Machine, python: str) -> bool:
    """Of the three with tables of their own."""
    mac = f"macos_{machine['machine']}"
    (row,) = [row for row in rows(f"{package}_releases", "release") if row["version"] == version]
    if python not in row["python"]:
        return False
    if package == "torch":
        glibc = row["glibc_aarch64" if machine["machine"] == "aarch64" else "glibc"]
        macos = "14.0" if python in row.get("macos_14_pythons", ()) and mac == "macos_arm64" else row.get(mac, "")
        return (
            bool(macos) and system_fits(machine, "", macos)
            if machine["os"] == "Darwin"
            else bool(glibc) and system_fits(machine, glibc, "")
        )
    return platform_of(machine) in row["platforms"] and system_fits(machine, row["glibc"], row.get(mac, ""))


def needs_of(name: str, version: str, python: str, planned: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What its metadata asks of others; markers by their own words."""
    for row in rows("packages", "release"):
        for line in row["requires"] if (row["name"], row["version"]) == (name, version) else ():
            found = re.fullmatch(r"([\w.-]+?)((?:[<>=!~]=?[^;]*)?)(?:; (.*))?", line)
            assert found, line
            marker = found[3] or ""
            told = re.fullmatch(r'python_version (\S+) "(\S+)"', marker)
            extra = marker.startswith("extra") and found[1] in planned
            if not marker or extra or (told and accepts(told[1] + told[2], python.rstrip("t"))):
                yield found[1], found[2]
    for row in rows("package_pairs", "pair"):
        if (row["package"], row["version"]) == (name, version):
            yield row["needs"], row["specifier"]
    for row in rows("tensorflow_releases", "release") if name == "tensorflow" else ():
        if row["version"] == version:
            yield from (("keras", specifier) for specifier in row["keras"])
    if is_before_numpy_2(name, version):
        yield "numpy", "<2"


def is_before_numpy_2(name: str, version: str) -> bool:
    if name == "torch":
        return any(row["version"] == version and not row["numpy2"] for row in rows("torch_releases", "release"))
    return name == "tensorflow" and any(
        row["name"] == name and number(version) < number(row["version"]) for row in rows("numpy_2", "first")
    )


def conflicts(planned: dict[str, str], python: str) -> list[str]:
    return [
        f"{name} needs {needed}{specifier}, not {planned[needed]}"
        for name, version in planned.items()
        for needed, specifier in needs_of(name, version, python, planned)
        if needed in planned and specifier and not accepts(specifier, planned[needed])
    ]


def words_of(made: Plan) -> str:
    return " ".join(word for step in made.steps for word in step.run)


def fits(name: str, version: str, machine: Machine, made: Plan, python: str) -> bool:
    """Whether what is planned keeps every constraint of the tables."""
    on_python = {**machine, "python": python}
    variant = next((package.variant for package in made.packages if package.name == name), None) or ""
    if name == "torch" and variant.startswith("cu"):
        return any(
            (version, variant) in constraints.torch_options({**machine_with(on_python, cards), "any_cuda": True})
            for cards in card_sets(machine)
        )
    if name in GPU_FRAMEWORKS and f"{name}[" in words_of(made):
        options = constraints.OPTIONS[name]
        return any(
            version == option for cards in card_sets(machine) for option, _ in options({**machine_with(on_python, cards), "any_cuda": True})
        )
    if name in GPU_FRAMEWORKS:
        return cpu_fits(name, version, on_python, python)
    if name in GPU_PACKAGES and cuda_wheel_fits(name, version, on_python, python):
        return True
    return name != "onnxruntime-gpu" and wheel_fits(name, version, on_python, python)


def machine_with(machine: Machine, cards: list[str]) -> Machine:
    return {**machine, "cards": cards}


def card_sets(machine: Machine) -> list[list[str]]:
    return [machine["cards"], *([card] for card in machine["cards"])]


def check_versions(profile: str, machine: Machine, made: Plan) -> None:
    python = made.python
    assert python is not None
    planned = {package.name: package.version for package in made.packages if package.version is not None}
    assert python == machine["python"] or python in PYTHONS
    for name, version in planned.items():
        if name in ("torchvision", "torchaudio"):
            (row,) = [row for row in rows("torch_releases", "release") if row["version"] == planned["torch"]]
            assert version in row[name]
        elif name in GPU_FRAMEWORKS or versions_of(name):
            assert fits(name, version, machine, made, python), (profile, machine, name, version, python)
    assert not conflicts(planned, python)


def newest_of(framework: str, machine: Machine, python: str, least: str = "0") -> str | None:
    """From `least` on, for the cards where there are any; without, and on Macs, for the CPU."""
    on_python = {**machine, "python": python}
    if machine["cards"]:
        best = constraints.expected(framework, on_python)
        return best[0] if best is not None and number(best[0]) >= number(least) else None
    every = [row["version"] for row in rows(f"{framework}_releases", "release") if row.get("platforms", [0])]
    fitting = [version for version in every if number(version) >= number(least) and cpu_fits(framework, version, on_python, python)]
    with_gpu = [version for version in fitting if framework == "torch" and has_mps(version, machine)]
    return max(with_gpu or fitting, key=number, default=None)


def has_mps(version: str, machine: Machine) -> bool:
    """A Mac with Apple's chip is to compute on its GPU, if any release does so on its macOS."""
    needed = [row["macos"] for row in rows("torch_mps", "release") if number(row["torch"]) <= number(version)]
    return platform_of(machine) == "macos_arm64" and bool(needed) and number(machine["macos"]) >= number(needed[-1])


def expected(framework: str, machine: Machine, least: str) -> tuple[str | None, set[str]]:
    """The release, and the Pythons that have it: within what the profile asks for, or any; on the machine's own Python, or on another."""
    for bound in (least, "0"):
        for pythons in ((machine["python"],), PYTHONS):
            newest = {python: newest_of(framework, machine, python, bound) for python in pythons}
            found = {python: version for python, version in newest.items() if version is not None}
            if found:
                best = max(found.values(), key=number)
                return best, {python for python, version in found.items() if version == best}
    return None, set()


def check_impossible(profile: str, machine: Machine) -> None:
    """Of one of its frameworks no release fits on any Python."""
    wanted = [name for each in chain(load_profile(profile)) for name in each.frameworks]
    for python in (machine["python"], *PYTHONS):
        assert any(not possible_alone(name, machine, python, cuda=profile.endswith("-cuda")) for name in wanted), (machine, python)


def possible_alone(framework: str, machine: Machine, python: str, *, cuda: bool) -> bool:
    if framework == "keras":  # one of its backends has to be there, too
        if newest_of("torch", machine, python) or newest_of("jax", machine, python):
            return possible_alone("", machine, python, cuda=False)
        tensorflows = [option for option, _ in constraints.tensorflow_options({**machine, "python": python, "any_cuda": True})]
        keras = [version for version in versions_of("keras") if wheel_fits("keras", version, {**machine, "python": python}, python)]
        together = itertools.product(tensorflows, keras) if machine["cards"] else ()
        return any(not conflicts({"tensorflow": one, "keras": other}, python) for one, other in together)
    if framework in GPU_FRAMEWORKS:
        if cuda and not machine["cards"]:
            bare = {**machine, "cards": [], "driver": None, "any_cuda": True, "python": python}
            return machine["os"] != "Darwin" and any(constraints.OPTIONS[framework](bare))
        return newest_of(framework, machine, python) is not None
    if framework == "transformers" and newest_of("torch", machine, python) is None:
        return False
    name = {"sklearn": "scikit-learn", "tf_keras": "tf-keras", "": "keras"}.get(framework, framework)
    fitting = [version for version in versions_of(name) if wheel_fits(name, version, {**machine, "python": python}, python)]
    if cuda:
        fitting = [version for version in fitting if cuda_wheel_fits(name, version, {**machine, "python": python}, python)]
    return bool(fitting) or not versions_of(name)


def check_newest(machine: Machine, made: Plan) -> None:
    """A newer release of any package would not fit, or not go together with the others."""
    python = made.python or ""
    planned = {package.name: package.version for package in made.packages if package.version is not None}
    for name, version in planned.items():
        if name in (*GPU_FRAMEWORKS, *GPU_PACKAGES) or not versions_of(name):
            continue
        for newer in itertools.takewhile(lambda other, version=version: Version(other) > Version(version), versions_of(name)):
            alone = wheel_fits(name, newer, {**machine, "python": python}, python)
            assert not alone or conflicts({**planned, name: newer}, python) or narrowed(planned, name, newer, python), (
                name,
                newer,
                machine,
                made,
            )


def narrowed(planned: dict[str, str], name: str, newer: str, python: str) -> bool:
    """Whether what both ask of a third package, which is not in the plan itself, cannot be had together."""
    mine = dict(needs_of(name, newer, python, planned))
    for other, version in planned.items():
        for needed, specifier in needs_of(other, version, python, planned) if other != name else ():
            fitting = [each for each in versions_of(needed) if accepts(specifier, each) and accepts(mine.get(needed, ""), each)]
            if needed in mine and versions_of(needed) and not fitting:
                return True
    return False
