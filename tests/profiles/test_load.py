"""Profiles by name and path, their bases, and what several ask for together."""

import os
import sys
from pathlib import Path

import pytest

from envcheck.profiles.load import ProfileError, chain, frameworks, hints, load_profile, resolve, shipped_names, shipped_profiles
from envcheck.profiles.model import Level, Operator, Profile, Requirement


def write(folder: Path, name: str, *requirements: str, extends: tuple[str, ...] = (), more: str = "") -> Path:
    """A profile file; a requirement is written "fact operator bound level"."""
    lines = [f'name = "{name}"', f'title = "{name}"', f"extends = {list(extends)!r}", more]
    for requirement in requirements:
        fact, operator, bound, level = requirement.split("|")
        lines += ["[[requirement]]", f'fact = "{fact}"', f'operator = "{operator}"', f'level = "{level}"']
        lines += [f'bound = "{bound}"'] if bound else []
    path = folder / f"{name}.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def asked(*profiles: Profile) -> list[str]:
    return [f"{entry.fact} {entry.operator.value} {entry.asked} {entry.level.value}" for entry in resolve(profiles)]


def test_a_shipped_profile_is_found_by_its_name() -> None:
    profile = load_profile("system-minimum")
    assert profile.name == "system-minimum"
    assert Path(profile.path).name == "system-minimum.toml"


def test_ones_own_is_found_by_its_path_and_may_extend_a_shipped_one(tmp_path: Path) -> None:
    path = write(tmp_path, "lab", "memory.total_bytes|>=|64 GB|must", extends=("system-minimum",))
    profile = load_profile(str(path))
    assert [member.name for member in chain(profile)] == ["system-minimum", "lab"]
    assert "memory.total_bytes >= 64 GB must" in asked(profile)
    assert "memory.total_bytes >= 8 GB must" not in asked(profile)


def test_a_base_given_as_a_path_counts_from_the_file_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bases").mkdir()
    write(tmp_path / "bases", "base", "python.version|>=|3.10|must")
    path = write(tmp_path, "lab", extends=("bases/base.toml",))
    monkeypatch.chdir("/")
    assert asked(load_profile(str(path))) == ["python.version >= 3.10 must"]


def test_a_file_without_suffix_in_the_working_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "lab").rename(tmp_path / "lab")
    monkeypatch.chdir(tmp_path)
    assert load_profile("lab").name == "lab"


@pytest.mark.parametrize(
    ("name", "meant"), [("pytorhc", "pytorch"), ("sklearn", "scikit-learn"), ("torch", "pytorch"), ("PyTorch", "pytorch")]
)
def test_an_unknown_name_is_answered_with_the_one_that_was_meant(name: str, meant: str) -> None:
    with pytest.raises(ProfileError) as caught:
        load_profile(name)
    assert caught.value.title == f'There is no profile "{name}".'
    assert caught.value.hint == f'Did you mean "{meant}"?'


@pytest.mark.parametrize("name", ["", "zzz", "a\0b", "../x", "x" * 5000, "\x1b[31m", "."])
def test_names_that_lead_nowhere_are_told_in_one_plain_sentence(name: str) -> None:
    with pytest.raises(ProfileError) as caught:
        load_profile(name)
    assert caught.value.title
    assert "\x1b" not in caught.value.title
    assert "\n" not in caught.value.title


def test_a_folder_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="is a folder"):
        load_profile(f"{tmp_path}/")


def test_a_missing_file_is_told_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="There is no file") as caught:
        load_profile(str(tmp_path / "pytorhc.toml"))
    assert caught.value.hint == 'Did you mean "pytorch"?'


def test_a_file_that_is_not_utf8_is_told_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(b'name = "x"\ntitle = "caf\xe9"\n')
    with pytest.raises(ProfileError, match="not UTF-8") as caught:
        load_profile(str(path))
    assert caught.value.line == 2


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = write(tmp_path, "lab")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_profile(str(path)).name == "lab"


def test_a_huge_file_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_bytes(b"[" * (10 * 2**20))
    with pytest.raises(ProfileError, match="larger than 1 MiB"):
        load_profile(str(path))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders on Windows")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    with pytest.raises(ProfileError, match="no regular file"):
        load_profile(str(path))


def test_a_circle_is_shown_as_a_chain(tmp_path: Path) -> None:
    write(tmp_path, "a", extends=("b.toml",))
    write(tmp_path, "b", extends=("c.toml",))
    path = write(tmp_path, "c", extends=("a.toml",))
    with pytest.raises(ProfileError, match="c → a → b → c") as caught:
        load_profile(str(path))
    assert (Path(caught.value.file).name, caught.value.line) == ("b.toml", 3)


def test_a_profile_may_not_extend_itself(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="a → a"):
        load_profile(str(write(tmp_path, "a", extends=("a.toml",))))


def test_a_diamond_is_no_circle(tmp_path: Path) -> None:
    write(tmp_path, "base", "python.version|>=|3.10|must")
    write(tmp_path, "left", extends=("base.toml",))
    write(tmp_path, "right", extends=("base.toml",))
    top = load_profile(str(write(tmp_path, "top", extends=("left.toml", "right.toml"))))
    assert [member.name for member in chain(top)] == ["base", "left", "right", "top"]
    assert asked(top) == ["python.version >= 3.10 must"]


@pytest.mark.parametrize("base", ["system-minimun", "missing.toml"])
def test_a_missing_base_is_told_where_it_is_named(tmp_path: Path, base: str) -> None:
    path = write(tmp_path, "lab", extends=(base,))
    with pytest.raises(ProfileError, match="There is no") as caught:
        load_profile(str(path))
    assert (caught.value.file, caught.value.line) == (str(path), 3)


def test_an_endless_chain_is_cut_off(tmp_path: Path) -> None:
    for number in range(60):
        write(tmp_path, f"p{number}", extends=(f"p{number + 1}.toml",))
    write(tmp_path, "p60")
    with pytest.raises(ProfileError, match="More than 32 profiles"):
        load_profile(str(tmp_path / "p0.toml"))


def test_the_stricter_of_two_stands_where_it_binds_no_less(tmp_path: Path) -> None:
    one = load_profile(str(write(tmp_path, "one", "memory.total_bytes|>=|8 GB|must", "memory.total_bytes|>=|16 GB|should")))
    two = load_profile(str(write(tmp_path, "two", "memory.total_bytes|>=|12 GB|must", "memory.total_bytes|>=|10 GiB|should")))
    assert asked(one) == ["memory.total_bytes >= 8 GB must", "memory.total_bytes >= 16 GB should"]
    assert asked(one, two) == asked(two, one)[::-1] == ["memory.total_bytes >= 16 GB should", "memory.total_bytes >= 12 GB must"]


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ("python.version|>=|3.9|must", "python.version|>=|3.10|must", "python.version >= 3.10 must"),
        ("python.version|<=|3|must", "python.version|<=|3.13|must", "python.version <= 3.13 must"),
        ("packages[torch].version|>=|2.8|must", "packages[torch].version|>=|2.8.0|must", "packages[torch].version >= 2.8 must"),
        ("packages[torch]|installed||should", "packages[Torch]|installed||must", "packages[torch] installed  must"),
        ("cpu.physical_cores|>=|10|must", "cpu.physical_cores|>=|9|must", "cpu.physical_cores >= 10 must"),
    ],
)
def test_the_stricter_bound_is_found_for_every_kind_of_fact(tmp_path: Path, first: str, second: str, stands: str) -> None:
    one, two = (load_profile(str(write(tmp_path, name, text))) for name, text in (("one", first), ("two", second)))
    assert asked(one, two) == [stands]
    assert [entry.split()[-1] for entry in asked(two, one)] == [stands.rsplit(maxsplit=1)[-1]]


def test_contradicting_exact_bounds_and_several_members_all_stand(tmp_path: Path) -> None:
    one = load_profile(str(write(tmp_path, "one", "python.version|==|3.10|must", "cpu.features|includes|avx|must")))
    two = load_profile(str(write(tmp_path, "two", "python.version|==|3.12|must", "cpu.features|includes|avx2|must")))
    assert len(asked(one, two)) == 4


def test_what_is_no_requirement_any_more_hides_no_requirement() -> None:
    one = load_profile("cuda")
    retired = next(entry for entry in one.requirements if entry.fact == "toolkits[cuda].version")
    wanted = Requirement(fact="toolkits[cuda].version", operator=Operator.AT_LEAST, level=Level.SHOULD, bound="11", profile="lab")
    lab = Profile(name="lab", title="lab", requirements=(wanted,), path="/nowhere/lab.toml")
    assert not retired.holds
    assert wanted in resolve([one, lab])


def test_frameworks_of_the_bases_are_imported_too() -> None:
    assert frameworks([load_profile("pytorch-cuda"), load_profile("pytorch")]) == ("torch",)


def test_hints_are_the_minimum_of_a_machine_and_ask_for_no_gpu() -> None:
    asked_for = hints()
    assert {entry.level for entry in asked_for} == {Level.HINT}
    assert {entry.fact for entry in asked_for} == {
        "memory.total_bytes",
        "disks[environment].free_bytes",
        "cpu.physical_cores",
        "cpu.features",
        "python.version",
    }


def test_every_shipped_profile_is_valid_with_its_bases_and_named_after_its_file() -> None:
    assert len(shipped_names()) > 40
    for profile in shipped_profiles():
        assert profile.name == Path(profile.path).stem
        assert resolve([profile]), profile.name
        assert profile.title, profile.name
        assert profile.description, profile.name
