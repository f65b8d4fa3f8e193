"""Names of the command line, and what they stand for."""

from pathlib import Path

import pytest

from envcheck.planning.names import Member, UnknownName, read_names


def alternatives(*names: str) -> list[tuple[str, ...]]:
    return [member.alternatives for member in read_names(names)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("torch", [("torch",)]),
        ("pytorch", [("torch",)]),
        ("sklearn", [("scikit-learn",)]),
        ("Scikit_Image", None),
        ("tf-keras", [("tensorflow",), ("tf-keras",)]),
        ("keras", [("keras",), ("tensorflow", "torch", "jax")]),
        ("pytorch-cuda", [("torch",)]),
        ("jax-cuda", [("jax",)]),
        ("pytorch-ecosystem", [("torch",), ("torchao",), ("tensordict",), ("torchrl",)]),
        ("lite-rt", [("ai-edge-litert",)]),
    ],
)
def test_a_profile_or_a_framework(name: str, expected: list[tuple[str, ...]] | None) -> None:
    if expected is None:
        with pytest.raises(UnknownName):
            read_names((name,))
    else:
        assert alternatives(name) == expected


def test_what_is_named_twice_is_there_once_within_both_bounds(tmp_path: Path) -> None:
    file = tmp_path / "lab.toml"
    text = 'name = "lab"\ntitle = "Lab"\n'
    for operator, bound in ((">=", "2.10"), ("<=", "2.12")):
        text += (
            f'[[requirement]]\nfact = "packages[torch].version"\noperator = "{operator}"\nbound = "{bound}"\nlevel = "must"\nwhy = "so"\n'
        )
    file.write_text(text, encoding="utf-8")
    (member,) = read_names(("pytorch", str(file)))
    assert (member.at_least, member.below) == ("2.10", "2.13")
    assert member.asked == "2.10 or newer, before 2.13"


def test_a_backend_that_is_named_is_the_one() -> None:
    assert alternatives("keras", "jax") == [("keras",), ("jax",)]


def test_a_device_is_the_profiles() -> None:
    assert read_names(("tensorflow-metal",))[0].device == "metal"
    assert read_names(("pytorch-cuda",)) == (Member("pytorch-cuda", ("torch",), at_least="2.8", device="cuda"),)


@pytest.mark.parametrize(("name", "hint"), [("pytoch", 'Did you mean "pytorch"?'), ("tensorflw", 'Did you mean "tensorflow"?')])
def test_an_unknown_name_gets_a_suggestion(name: str, hint: str) -> None:
    with pytest.raises(UnknownName) as raised:
        read_names((name,))
    assert raised.value.hint == hint


def test_a_profile_without_packages_is_nothing_to_plan() -> None:
    with pytest.raises(UnknownName, match='"docker" names no packages'):
        read_names(("docker",))


def test_what_is_no_requirement_any_more_is_not_planned() -> None:
    with pytest.raises(UnknownName, match='"mxnet" names no packages'):
        read_names(("mxnet",))
