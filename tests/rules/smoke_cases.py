"""Snapshots of smoke tests, for the rules about them."""

from envcheck.facts.snapshot import Import, Package, PackageState, Smoke, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case

TORCH = Package(name="torch", version="2.8.0", state=PackageState.OK)


def smoke(status: str, device: str = "cuda:0", layer: str = "computed", **more: object) -> Smoke:
    return Smoke(framework="torch", device=device, status=status, layer=layer, seconds=4.2, **more)  # type: ignore[arg-type]


def said(kind: SymptomKind, text: str, device: str = "cuda:0", **details: str) -> Symptom:
    return Symptom(kind=kind, text=text, subject="torch", details={"test": f"torch@{device}", "layer": "computed", **details})


def case(*tests: Smoke, symptoms: tuple[Symptom, ...] = (), imported: str = "imported") -> Case:
    imports = (Import(name="torch", status=imported),)
    return Case(Snapshot(live=True, imports=imports, symptoms=symptoms, packages=(TORCH,), smoke=tests))


NOTHING_TESTED = Case(Snapshot())
