"""How TensorFlow comes to its CUDA libraries: as wheels from 2.14 on, else the very versions that its release was built for."""

from envcheck.choosing.build import Build, Wishes
from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.tensorflow_build import TensorflowBuild
from envcheck.knowledge.tensorflow import FIRST_EXTRA, releases_for
from envcheck.knowledge.versions import is_below, major, series
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Remedy, Step

# conda-forge has the toolkit of CUDA 9 to 11 as one package under this name; what TensorFlow's own guide names is checked to the letter.
_CONDA_CUDNN = {"11.2": "8.1.0"}


def bring_cuda(facts: Snapshot, build: TensorflowBuild | None, asked: str = "") -> tuple[Remedy, ...]:
    """The remedies, the one that changes least first; `asked` is the CUDA that an unknown release was seen to look for."""
    if known(facts.system.machine, "x86_64").lower() in ("aarch64", "arm64"):
        return (_container(),)
    row = build.release if build is not None else None
    windows = known(facts.system.os, "") == "Windows"
    if build is None and (rows := releases_for(asked) if asked else ()) and not rows[-1].extra:
        newer = None if windows else _newer(facts)
        return (_exact(rows[0].cuda, rows[0].cudnn, windows=windows), *((newer,) if newer is not None else ()))
    if not windows and (row is None or row.extra) and not (build is not None and is_below(build.version or FIRST_EXTRA, FIRST_EXTRA)):
        return (_with_wheels(facts, build),)
    newer = None if windows else _newer(facts)
    exact = (_exact(build.cuda, build.cudnn, windows=windows),) if build is not None else ()
    return (*exact, *((newer,) if newer is not None else ()))


def _with_wheels(facts: Snapshot, build: TensorflowBuild | None) -> Remedy:
    """The installed release once more, with its CUDA."""
    version = build.version.partition("+")[0] if build is not None else ""
    distribution = build.distribution if build is not None and build.distribution == "tf-nightly" else "tensorflow"
    if build is not None and manager_for(facts, build.distribution) == "conda":
        return by_hand(
            "replace conda's build by one for CUDA",
            Step(run=("conda", "install", "--yes", "--channel", "conda-forge", f"tensorflow={series(version) or '2'}=*cuda*")),
        )
    wanted = f"{distribution}[and-cuda]" + (f"=={version}" if version and distribution == "tensorflow" else "")
    return install(facts, wanted, summary="install TensorFlow with its CUDA libraries")


def _exact(cuda: str, cudnn: str, *, windows: bool) -> Remedy:
    what = f"CUDA {cuda} and cuDNN {cudnn}" if cuda else "the CUDA and cuDNN that its release was built for"
    steps: list[str | Step] = []
    if cuda and major(cuda) in (10, 11) and cudnn:
        pin = _CONDA_CUDNN.get(cuda, cudnn)
        in_conda = Step(run=("conda", "install", "--channel", "conda-forge", f"cudatoolkit={cuda}", f"cudnn={pin}"))
        steps += ["in a conda environment:", in_conda, "or, for the whole machine:"]
    steps.append(f"install {what} from NVIDIA's archive; other versions may stay beside them")
    where = "PATH" if windows else "LD_LIBRARY_PATH"
    steps.append(f"put the folders of their libraries on {where}, and make no links from other versions' names")
    return by_hand(f"install the very versions: {what}", *steps)


def _newer(facts: Snapshot) -> Remedy | None:
    """A release that brings its own, where there is one for this Python and the driver runs its CUDA."""
    from envcheck.choosing.choose import choose_build  # it and its tables are for those who need a remedy

    build = choose_build(facts, "tensorflow", Wishes(at_least=FIRST_EXTRA, device="cuda"))
    if not isinstance(build, Build) or not build.extras:
        return None
    wanted = f"tensorflow[{','.join(build.extras)}]=={series(build.version)}.*"
    return install(facts, wanted, summary=f"go to TensorFlow {series(build.version)}, which brings its CUDA libraries")


def _container() -> Remedy:
    return by_hand(
        "use NVIDIA's build of TensorFlow: the wheels for this processor have no CUDA code",
        "take the newest tag of nvcr.io/nvidia/tensorflow and start it with --gpus all; on a Jetson the wheel for its JetPack release",
    )
