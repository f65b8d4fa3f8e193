"""What conda's solver is to be told where the machine that it solves on is not the one that will compute."""

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.prescribing.install import by_hand
from envcheck.report import Remedy, Step

_KINDS = (SymptomKind.DRIVER_NOT_FOUND, SymptomKind.DRIVER_TOO_OLD)


def is_of_solver(symptom: Symptom) -> bool:
    """Whether it is conda's solver that found no driver, or none that is new enough."""
    return symptom.kind in _KINDS and symptom.subject == "conda"


def solve_for_another_machine(symptom: Symptom) -> Remedy:
    """CONDA_OVERRIDE_CUDA takes the place of what the driver says: right where another machine will compute, and nowhere else."""
    bound = symptom.details.get("need", "").partition(">=")[2].partition(",")[0]
    known = (Step(run=("export", f"CONDA_OVERRIDE_CUDA={bound}")),) if bound else ("set CONDA_OVERRIDE_CUDA to that version",)
    return by_hand(
        "if another machine with a driver will compute, tell conda which CUDA its driver has",
        *known,
        f"and repeat the command; nvidia-smi on the machine that computes shows the version{', which must not be lower' if bound else ''}",
    )
