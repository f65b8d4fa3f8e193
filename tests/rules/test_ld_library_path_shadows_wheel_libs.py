"""ld-library-path-shadows-wheel-libs: another library wins over the wheel's."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules import all_rules
from envcheck.rules.ld_library_path_shadows_wheel_libs import RULE

SITE = "/v/lib/python3.11/site-packages"
JITLINK = (
    f"ImportError: {SITE}/nvidia/cusparse/lib/libcusparse.so.12: undefined symbol: __nvJitLinkComplete_12_4, version libnvJitLink.so.12\n"
)
CUBLAS = f"OSError: {SITE}/nvidia/cublas/lib/libcublas.so.11: undefined symbol: cublasLtGetStatusString, version libcublasLt.so.11\n"
NCCL = f"ImportError: {SITE}/torch/lib/libtorch_cuda.so: undefined symbol: ncclCommRegister\n"
CUDNN = "Loaded runtime CuDNN library: 8.9.1 but source was compiled with: 9.1.0.\n"
LDD = "\tlibnvJitLink.so.12 => /usr/local/cuda-12.1/lib64/libnvJitLink.so.12 (0x000070ddad800000)\n"
TORCH_SAYS = (
    "RuntimeError: cuDNN version incompatibility: PyTorch was compiled  against (8, 9, 2) but found runtime version (8, 4, 0). PyTorch "
    "already comes bundled with cuDNN. Looks like your LD_LIBRARY_PATH contains incompatible version of cudnn. Please remove it\n"
)
TOOLKIT = {
    "name": "cudnn",
    "path": "/opt/old/libcudnn.so.8.4.0",
    "found_by": ["LD_LIBRARY_PATH"],
    "loaded": True,
    "shadows": f"{SITE}/nvidia/x.so",
}
OWN = {"name": "cudnn", "path": f"{SITE}/nvidia/x.so", "found_by": ["wheel"], "version": "8.9.2", "loaded": False}


def judge(text: str) -> Any:
    (outcome,) = RULE.check(Case(read_text(text)))
    return outcome


def on_machine(version: str | None, **facts: Any) -> Any:
    toolkit = {**TOOLKIT, **({"version": version} if version else {})}
    (outcome,) = RULE.check(Case(msgspec.convert({"live": True, "toolkits": [toolkit, OWN], **facts}, Snapshot)))
    return outcome


@pytest.mark.parametrize(
    ("text", "certainty", "place"),
    [
        (JITLINK + LDD, Certainty.CERTAIN, "from /usr/local/cuda-12.1/lib64/libnvJitLink.so.12"),
        (TORCH_SAYS, Certainty.CERTAIN, "from a folder on LD_LIBRARY_PATH"),
        ("export LD_LIBRARY_PATH=/opt/mpi/lib:/opt/conda/lib\n" + JITLINK, Certainty.LIKELY, "from /opt/conda/lib"),
        ("LD_LIBRARY_PATH=/usr/local/cuda-11.2/lib64\n" + CUBLAS, Certainty.LIKELY, "from /usr/local/cuda-11.2/lib64"),
        ("LD_LIBRARY_PATH=/opt/hpc_sdk/comm_libs/nccl/lib\n" + NCCL, Certainty.LIKELY, "from /opt/hpc_sdk/comm_libs/nccl/lib"),
        ("LD_LIBRARY_PATH=/usr/local/cuda/lib64\n" + CUDNN, Certainty.LIKELY, "from /usr/local/cuda/lib64"),
        (JITLINK, Certainty.LIKELY, "from LD_LIBRARY_PATH or a folder of the system"),
    ],
)
def test_what_the_loader_missed_and_the_path_that_won(text: str, certainty: Certainty, place: str) -> None:
    found = judge(text)
    assert (type(found), found.certainty) == (Found, certainty)
    assert f" {place} in place of" in found.message


def test_a_notebook_that_sets_it_is_read() -> None:
    text = "os.environ['LD_LIBRARY_PATH'] = f\"/opt/conda/lib:{os.environ.get('LD_LIBRARY_PATH', '')}\"\n"
    assert "from /opt/conda/lib" in judge(text + JITLINK).message


def test_what_lies_in_the_environment_stays_in_the_variable() -> None:
    found = judge(f"LD_LIBRARY_PATH=/usr/local/cuda/lib64:{SITE}/nvidia/cudnn/lib\n" + JITLINK)
    assert found.remedies[0].steps[0].run == ("export", f"LD_LIBRARY_PATH={SITE}/nvidia/cudnn/lib")
    assert "site-packages/nvidia/nvjitlink/lib" in found.remedies[1].steps[0].do
    assert "site-packages/nvidia/cublas/lib" in judge(CUBLAS).remedies[1].steps[0].do


@pytest.mark.parametrize(
    "text",
    [
        CUDNN,
        "LD_LIBRARY_PATH=/usr/lib/openmpi\n" + CUDNN,
        "LD_LIBRARY_PATH=/usr/lib64-nvidia\n" + CUDNN,
        f"LD_LIBRARY_PATH={SITE}/nvidia/cudnn/lib:/usr/local/cuda/lib64\n" + CUDNN,
        "nvidia-cusparse-cu12==12.3.1.170\nnvidia-nvjitlink-cu12==12.1.105\n" + JITLINK,
        "torch==2.3.1+cu118\n" + JITLINK,
        "LD_LIBRARY_PATH=/usr/local/cuda/lib64\nImportError: /x/flash_attn_2_cuda.so: undefined symbol: _ZN3c105ErrorC2E",
        "LD_LIBRARY_PATH=/usr/local/cuda/lib64\n",
    ],
)
def test_where_nothing_shows_that_another_one_won_it_is_another_matter(text: str) -> None:
    assert isinstance(judge(text), NotApplicable)


def test_libraries_of_one_conda_environment_belong_together() -> None:
    text = "ImportError: /opt/e/lib/libcusparse.so.12: undefined symbol: __nvJitLinkComplete_12_4, version libnvJitLink.so.12\n"
    assert judge(text + "\tlibnvJitLink.so.12 => /opt/e/lib/libnvJitLink.so.12 (0x00007f00)\n").certainty is Certainty.LIKELY


def test_it_comes_before_the_cudnn_that_is_too_old() -> None:
    report = diagnose(read_text(TORCH_SAYS), all_rules())
    assert [finding.rule for finding in report.findings] == ["ld-library-path-shadows-wheel-libs", "cudnn-version-mismatch"]
    assert report.findings[1].because_of == (report.findings[0].id,)


def test_on_a_machine_an_older_one_is_told_and_is_a_hint_where_all_works() -> None:
    failed, imported = [{"name": "torch", "status": "failed"}], [{"name": "torch", "status": "imported"}]
    found = on_machine("8.4.0", imports=failed)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)
    assert found.message == "LD_LIBRARY_PATH puts cudnn 8.4.0 before the 8.9.2 of the framework's own wheels."
    assert on_machine("8.4.0", imports=imported).severity is Severity.INFO


def test_one_that_is_as_new_passes_and_one_without_a_version_is_not_evaluated() -> None:
    assert isinstance(on_machine("8.9.2"), Passed)
    assert isinstance(on_machine("9.1.0"), Passed)
    assert isinstance(on_machine(None), NotEvaluated)


def test_on_a_machine_without_such_a_folder_the_copy_that_was_loaded_is_asked_for() -> None:
    symptom = {"kind": "undefined-symbol", "text": JITLINK, "details": {"symbol": "__nvJitLinkX", "library": "libnvJitLink.so.12"}}
    (outcome,) = RULE.check(Case(msgspec.convert({"live": True, "symptoms": [symptom]}, Snapshot)))
    assert isinstance(outcome, NotEvaluated)


def test_it_explains_the_import_that_fails() -> None:
    report = diagnose(read_text(JITLINK.replace("ImportError", ">>> import torch\nImportError") + LDD), all_rules())
    assert [finding.rule for finding in report.findings if not finding.because_of] == ["ld-library-path-shadows-wheel-libs"]


def test_windows_has_no_such_variable() -> None:
    assert isinstance(next(iter(RULE.check(Case(msgspec.convert({"system": {"os": "Windows"}}, Snapshot))))), NotApplicable)


LOADED_IN_VAIN = "RuntimeError: Unable to load cuSPARSE. Is it installed?\n"


def test_a_library_that_jax_could_not_load_beside_folders_of_another_cuda() -> None:
    found = judge("LD_LIBRARY_PATH=/usr/local/cuda-12.1/lib64\n" + LOADED_IN_VAIN)
    assert (type(found), found.certainty, found.symptoms[0].subject) == (Found, Certainty.LIKELY, "jax")
    report = diagnose(read_text("LD_LIBRARY_PATH=/usr/local/cuda-12.1/lib64\n" + LOADED_IN_VAIN), all_rules())
    assert [finding.rule for finding in report.findings] == ["ld-library-path-shadows-wheel-libs"]


@pytest.mark.parametrize("path", ["", "LD_LIBRARY_PATH=/opt/mpi/lib\n"])
def test_without_such_a_folder_it_is_missing(path: str) -> None:
    assert isinstance(judge(path + LOADED_IN_VAIN), NotApplicable)
    assert diagnose(read_text(path + LOADED_IN_VAIN), all_rules()).findings[0].rule == "cuda-runtime-lib-missing"


TRACE = (
    " 7:\tfile=libnvJitLink.so.12 [0];  needed by {} [0]\n"
    " 7:\tfind library=libnvJitLink.so.12 [0]; searching\n"
    " 7:\t search path={}\t\t(LD_LIBRARY_PATH)\n"
    " 7:\t  trying file={}/libnvJitLink.so.12\n"
    " 7:\tfile=libnvJitLink.so.12 [0];  generating link map\n"
)


@pytest.mark.parametrize(
    ("needed_by", "folder", "expected"),
    [
        (f"{SITE}/nvidia/cusparse/lib/libcusparse.so.12", "/usr/local/cuda-12.1/lib64", Found),
        (f"{SITE}/nvidia/cusparse/lib/libcusparse.so.12", f"{SITE}/nvidia/nvjitlink/lib", NotApplicable),
        ("/usr/local/cuda-12.1/lib64/libcusparse.so.12", "/usr/local/cuda-12.1/lib64", NotApplicable),
    ],
)
def test_the_loaders_own_trace(needed_by: str, folder: str, expected: type) -> None:
    assert isinstance(judge(TRACE.format(needed_by, folder, folder)), expected)


def test_a_trace_of_libraries_alone_counts_where_the_wheel_is_installed() -> None:
    alone = "".join(TRACE.format("x", "/opt/old/lib", "/opt/old/lib").splitlines(keepends=True)[1:])
    assert isinstance(judge("$ pip freeze\nnvidia-nvjitlink-cu12==12.8.93\nnumpy==2.1.0\n" + alone), Found)
    assert isinstance(judge(alone), NotApplicable)


def test_a_library_among_loaded_ones_of_another_cuda_is_mixed_and_not_shadowed() -> None:
    symbol = "OSError: /usr/local/cuda-12.0/lib64/libcusolver.so.11: undefined symbol: __nvJitLinkAddData_12_0\n"
    loaded = "\tlibcublas.so.{0} => /usr/local/cuda-{0}.8/lib64/libcublas.so.{0} (0x00007f2c40000000)\n"
    assert not any(isinstance(outcome, Found) for outcome in RULE.check(Case(read_text(symbol + loaded.format(11)))))
    assert any(isinstance(outcome, Found) for outcome in RULE.check(Case(read_text(symbol + loaded.format(12)))))


NVJITLINK = (
    "ImportError: /home/u/venv/lib/python3.10/site-packages/torch/lib/../../nvidia/cusparse/lib/libcusparse.so.12: undefined symbol: "
    "__nvJitLinkAddData_12_1, version libnvJitLink.so.12\n"
)


def test_the_environment_module_that_brings_it_is_named_and_unloaded() -> None:
    found = judge("$ module load cuda/12.0\n$ echo $LD_LIBRARY_PATH\n/apps/cuda/12.0/lib64\n" + NVJITLINK)
    assert isinstance(found, Found)
    assert "cuda/12.0" in [proof.value for proof in found.evidence]
    assert found.remedies[0].steps[0].run == ("module", "unload", "cuda/12.0")


def test_without_a_path_the_wheel_itself_may_be_the_old_one() -> None:
    found = judge("ImportError: /v/lib/python3.10/site-packages/torch/lib/libtorch_cuda.so: undefined symbol: ncclCommRegister\n")
    assert isinstance(found, Found)
    assert any(words.startswith("pip show nvidia-nccl-cu12") for words in found.would_confirm)
