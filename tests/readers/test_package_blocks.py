"""Lists of packages below the headings of reports."""

from envcheck.readers.read import read_text


def versions(text: str) -> dict[str, object]:
    return {package.name: package.version for package in read_text(text).packages}


def test_a_list_ends_with_its_first_line_of_another_shape() -> None:
    text = "Python dependencies:\n      pip: 23.0\n    numpy: 1.24.1\n\nBuilt with OpenMP: True\n\nscipy: 1.10.0 is what I want\n"
    assert versions(text) == {"pip": "23.0", "numpy": "1.24.1"}


def test_modules_are_listed_as_their_distributions() -> None:
    assert versions("Python dependencies:\n      sklearn: 1.2.0\n      skimage: 0.20.0\n") == {
        "scikit-learn": "1.2.0",
        "scikit-image": "0.20.0",
    }


def test_what_is_missing_is_no_package() -> None:
    text = "Related packages:\n  diffusers: not found\n  numpy: 2.0.1\n  peft: None\n"
    assert versions(text) == {"numpy": "2.0.1"}


def test_a_heading_alone_says_nothing() -> None:
    assert not versions("Packages:\n\nnothing here\n")


def test_the_frameworks_build_is_told_too() -> None:
    snapshot = read_text("* Packages:\n\t- numpy:             1.18.5\n\t- pyTorch_debug:     False\n\t- pyTorch_version:   1.5.1+cu92\n")
    assert snapshot.builds["torch"].cuda == "9.2"
