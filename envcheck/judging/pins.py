"""The exact versions that an installed distribution's own metadata asks for."""

from envcheck.facts.snapshot import Package


def pinned_by(package: Package | None, distribution: str) -> str:
    """The version in `torch==2.5.1` or `torch (==2.5.1)`; empty where it is not known or not one exact version."""
    requires = package.requires if package is not None and isinstance(package.requires, tuple) else ()
    for requirement in requires:
        name, exact, version = requirement.partition(";")[0].replace(" ", "").replace("(", "").replace(")", "").partition("==")
        if name == distribution and exact and "*" not in version and "," not in version:
            return version
    return ""
