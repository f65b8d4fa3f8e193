"""The release and build that a damaged package is replaced by."""

import pytest

from envcheck.facts.snapshot import Build, Package, PackageState, Snapshot
from envcheck.prescribing.same_build import same_build

INDEX = "https://download.pytorch.org/whl/"


@pytest.mark.parametrize(
    ("name", "metadata", "build", "expected"),
    [
        ("torch", "2.7.0", "2.13.0+cpu", ("torch==2.13.0", f"{INDEX}cpu")),
        ("torch", "2.8.0+cu128", None, ("torch==2.8.0", f"{INDEX}cu128")),
        ("torch", "2.8.0+rocm6.4", None, ("torch==2.8.0", f"{INDEX}rocm6.4")),
        ("torch", "2.8.0", "2.8.0", ("torch==2.8.0", None)),
        ("torch", "2.8.0+gitabc; rm", None, ("torch==2.8.0", None)),
        ("numpy", "2.4.6", None, ("numpy==2.4.6", None)),
        ("ours", "1.0+local", None, ("ours", None)),
        ("numpy", None, None, ("numpy", None)),
    ],
)
def test_the_build_that_was_there_is_had_again(
    name: str, metadata: str | None, build: str | None, expected: tuple[str, str | None]
) -> None:
    version = {} if metadata is None else {"version": metadata}
    package = Package(name=name, state=PackageState.TORN, **version)  # type: ignore[arg-type]
    facts = Snapshot(builds={} if build is None else {"torch": Build(version=build)})
    assert same_build(facts, package) == expected
