"""Which version of NVIDIA's driver the distribution's packages have, and which of them are not finished."""

from envcheck.facts.claims import Evidence, Trust
from envcheck.parsers.nvidia.driver_packages import DriverPackage, parse_driver_packages
from envcheck.readers.interface import Text


class DriverPackageReader:
    """Reads lists of dpkg, apt, rpm and pacman, and apt's history."""

    name = "driver-packages"

    def recognises(self, text: Text) -> bool:
        """By a package of the driver."""
        return bool(text.parsed(parse_driver_packages))

    def read(self, text: Text) -> Evidence:
        """That a package is installed does not say that the driver answers: `driver_version` is left to those who asked it."""
        evidence = Evidence()
        packages = text.parsed(parse_driver_packages)
        text.taken.update(package.line for package in packages if package.printed)
        best = _best([package for package in packages if package.installed and package.printed]) or _last(packages)
        if best is not None:
            trust = Trust.PRINTED if best.printed else Trust.MENTIONED
            evidence.claims.append(text.claim("nvidia.package_version", best.version, best.line, trust))
        unfinished = {package.name: package for package in packages if package.installed and not package.finished}
        if unfinished:
            first = min(package.line for package in unfinished.values())
            evidence.claims.append(text.claim("nvidia.packages_unfinished", list(unfinished), first))
        return evidence


def _best(packages: list[DriverPackage]) -> DriverPackage | None:
    """Of those that say it equally well the newest."""
    return min(packages, key=lambda package: (package.rank, [-int(part) for part in package.version.split(".")]), default=None)


def _last(packages: list[DriverPackage]) -> DriverPackage | None:
    """Of a log, what was done last."""
    logged = [package for package in packages if not package.printed]
    return min(logged, key=lambda package: (-package.line, package.rank), default=None)
