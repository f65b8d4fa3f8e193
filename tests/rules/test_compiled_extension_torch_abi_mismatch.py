from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.compiled_extension_torch_abi_mismatch import RULE
from tests.rules.rule_words import words


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


FLASH = "/e/lib/python3.10/site-packages/flash_attn_2_cuda.cpython-310-x86_64-linux-gnu.so"


def missing(symbol: str, needed_by: str = FLASH, subject: str = "") -> dict[str, Any]:
    return {
        "kind": "undefined-symbol",
        "text": f"undefined symbol: {symbol}",
        "subject": subject,
        "details": {"symbol": symbol, "needed_by": needed_by},
    }


@pytest.mark.parametrize(
    "symbol",
    [
        "_ZN3c105ErrorC2ENS_14SourceLocationESs",
        "_ZN3c104cuda9SetDeviceEi",
        "_ZNK3c1010TensorImpl4sizeEl",
        "_ZN2at4_ops5zeros4callEN3c108ArrayRefINS2_6SymIntEEE",
        "_ZN5torch3jit17parseSchemaOrNameERKSs",
        "_ZTVN5torch8autograd4NodeE",
        "_ZNR5torch7Library4_defEON3c1014FunctionSchemaE",
        "_ZN6caffe28TypeMeta21_typeMetaDataInstanceIdEEPKNS_6detail12TypeMetaDataEv",
        "THPVariableClass",
        "aoti_torch_delete_tensor_object",
    ],
)
def test_a_missing_symbol_of_torch_is_found(symbol: str):
    (found,) = judge(missing(symbol), builds={"torch": {"version": "2.7.0", "cuda": "12.8"}})
    assert isinstance(found, Found)
    assert found.subject == "flash_attn_2_cuda"
    assert "torch 2.7.0" in found.message


@pytest.mark.parametrize(
    ("symbol", "is_old"),
    [
        ("_ZN3c105ErrorC2ENS_14SourceLocationESs", True),
        ("_ZN5torch3jit17parseSchemaOrNameERKSs", True),
        ("_ZN3c104cuda9SetDeviceEi", False),
        ("_ZN3c105ErrorC2ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE", False),
    ],
)
def test_the_abi_from_before_gcc_5_is_recognised(symbol: str, is_old: bool):
    assert ("GCC 5" in judge(missing(symbol))[0].message) is is_old


@pytest.mark.parametrize(
    ("symbol", "needed_by"),
    [
        ("_ZN3c104cuda9SetDeviceEi", "/e/site-packages/torchvision/_C.so"),
        ("_ZN3c104cuda9SetDeviceEi", "/e/site-packages/torchaudio/lib/libtorchaudio.so"),
        ("ncclCommRegister", "/e/site-packages/torch/lib/libtorch_cuda.so"),
        ("_ZN3c104cuda9SetDeviceEi", "/e/site-packages/torch/lib/libtorch_python.so"),
        ("__nvJitLinkComplete_12_4", "libcusparse.so.12"),
        ("PyUnicode_AsUTF8", "/e/site-packages/thing/_c.so"),
        ("_ZN4absl12lts_2023080211string_viewE", "/e/site-packages/thing/_c.so"),
    ],
)
def test_torchs_family_torch_itself_and_other_symbols_are_passed_over(symbol: str, needed_by: str):
    assert isinstance(judge(missing(symbol, needed_by))[0], NotApplicable)


def test_a_nameless_module_is_called_by_its_package():
    (found,) = judge(missing("_ZN3c104cuda9SetDeviceEi", "/e/lib/python3.10/site-packages/vllm/_C.abi3.so"))
    assert found.subject == "vllm"


def test_each_extension_is_a_finding_of_its_own():
    other = "/e/site-packages/mmcv/_ext.cpython-310-x86_64-linux-gnu.so"
    outcomes = judge(missing("_ZN3c104cuda9SetDeviceEi"), missing("_ZN3c105ErrorD1Ev"), missing("_ZN3c105ErrorD1Ev", other))
    assert [outcome.subject for outcome in outcomes] == ["flash_attn_2_cuda", "mmcv"]


def test_without_the_symbol_it_cannot_be_judged():
    assert isinstance(judge({"kind": "undefined-symbol", "text": "…", "details": {"needed_by": FLASH}})[0], NotEvaluated)


def test_without_a_symptom_there_is_no_question():
    assert isinstance(judge()[0], NotApplicable)


def test_the_remedy_names_the_distribution_and_leaves_torch_alone():
    (found,) = judge(missing("_ZN3c105ErrorD1Ev"))
    assert found.remedies[0].steps[2].run[-3:] == ("--no-deps", "--force-reinstall", "flash-attn")
    (found,) = judge(missing("_ZN3c105ErrorD1Ev", "/e/site-packages/torch_sparse/_convert_cpu.so"))
    assert found.subject == "torch_sparse"
    assert "install the wheel of torch-sparse" in found.remedies[0].steps[0].do


XFORMERS = (
    "WARNING[XFORMERS]: xFormers can't load C++/CUDA extensions. xFormers was built for:\n    PyTorch {} with CUDA 1201 (you have {})\n"
)


def test_xformers_names_both_builds_and_goes_on():
    (found, *rest) = RULE.check(Case(read_text(XFORMERS.format("2.2.2+cu121", "2.1.2+cu118"))))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)
    assert "compiled for torch 2.2.2+cu121" in found.message
    assert "xformers==0.0.23.post1" in words(found)
    assert not [outcome for outcome in rest if isinstance(outcome, Found)]


def test_xformers_without_the_two_builds_is_likely():
    (found, *_) = RULE.check(Case(read_text("WARNING[XFORMERS]: xFormers can't load C++/CUDA extensions\n")))
    assert found.certainty is Certainty.LIKELY
    assert found.would_confirm


@pytest.mark.parametrize(("torch", "is_found"), [("2.1.0", True), ("1.12.1", False), ("1.8.0", True)])
def test_a_library_of_some_releases_is_missed_beside_the_others(torch: str, is_found: bool):
    missed = {"kind": "library-not-found", "text": "t", "subject": "pytorch3d", "details": {"library": "libtorch_cuda_cu.so"}}
    outcomes = judge(missed, packages=[{"name": "torch", "version": torch, "state": "ok"}])
    assert isinstance(outcomes[0], Found) is is_found


@pytest.mark.parametrize(
    ("module", "subject", "is_found"),
    [("flash_attn_2_cuda", "", True), ("_ext", "mmcv", True), ("_psutil_windows", "", False), ("_C", "torch", False)],
)
def test_windows_names_no_symbol_so_that_the_module_must_be_known(module: str, subject: str, is_found: bool):
    missed = {"kind": "dll-load-failed", "text": "t", "subject": subject, "code": 127, "details": {"module": module, "code": "127"}}
    (outcome,) = judge(missed)
    assert isinstance(outcome, Found) is is_found
    if isinstance(outcome, Found):
        assert outcome.certainty is Certainty.LIKELY
