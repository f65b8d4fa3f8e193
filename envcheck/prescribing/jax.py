"""Installing JAX with CUDA: by the extra that fits driver and cards, and where there is none."""

from envcheck.choosing.build import Build, Wishes
from envcheck.facts.snapshot import Snapshot
from envcheck.knowledge.jax import Extra, cuda_extras
from envcheck.knowledge.versions import is_below
from envcheck.prescribing.install import by_hand, install, interpreter, manager_for
from envcheck.report import Remedy, Step


def choose_extra(facts: Snapshot, jax: str = "") -> Extra:
    """That of the build that fits, of a release that is to stay where the tables have it; where none does, the one that asks for least."""
    from envcheck.choosing.choose import choose_build  # it and its tables are for those who need a remedy

    rows = cuda_extras()
    for wishes in (*((Wishes(version=jax, device="cuda"),) if jax else ()), Wishes(device="cuda")):
        build = choose_build(facts, "jax", wishes)
        if isinstance(build, Build):
            return next(row for row in rows if row.name in build.extras)
    return rows[-1]


def install_with_cuda(facts: Snapshot, jax: str, summary: str) -> Remedy:
    """The same release with its CUDA plugin, or the newest where that one has no such extra."""
    if manager_for(facts, "jaxlib") == "conda":
        return install(facts, "jax", "jaxlib=*=*cuda*", summary=summary, manager="conda")
    extra = choose_extra(facts, jax)
    has_extra = bool(jax) and not is_below(jax, extra.first_jax) and "*" not in jax
    if has_extra:
        return install(facts, f"jax[{extra.name}]=={jax}", summary=summary)
    return install(facts, "--upgrade", f"jax[{extra.name}]", summary=summary)


def in_wsl(extra: str = "cuda12") -> Remedy:
    """Linux beside Windows, where JAX has CUDA."""
    return by_hand(
        "install JAX in WSL 2",
        "run in PowerShell as administrator, then restart",
        Step(run=("wsl", "--install")),
        "run in the Linux that WSL starts; it uses the driver of Windows",
        Step(run=("python3", "-m", "pip", "install", f"jax[{extra}]")),
    )


def ask_devices(facts: Snapshot) -> str:
    """What shows whether JAX reaches a GPU."""
    return f'{interpreter(facts)} -c "import jax; jax.print_environment_info()"'
