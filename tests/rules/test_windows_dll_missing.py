from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules.windows_dll_missing import RULE
from tests.rules.rule_words import judged, words

SITE = "C:\\app\\venv\\Lib\\site-packages\\"


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    facts.setdefault("system", {"os": "Windows"})
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def failed(library: str = "", code: int | None = None, subject: str = "", text: str = "said", **details: str) -> dict[str, Any]:
    details |= {"library": library} if library else {}
    return {"kind": "dll-load-failed", "text": text, "subject": subject, "code": code, "details": details}


def torch(version: str) -> list[dict[str, str]]:
    return [{"name": "torch", "version": version, "state": "ok"}]


def test_fbgemm_of_torch_2_4_0_wants_an_openmp_library():
    (found,) = judge(failed(f"{SITE}torch\\lib\\fbgemm.dll", 126), packages=torch("2.4.0+cu121"))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert "libomp140.x86_64.dll" in found.message
    assert "--index-url https://download.pytorch.org/whl/cu121 torch==2.4.1" in words(found)


def test_a_newer_torch_is_not_told_to_be_updated():
    (found,) = judge(failed(f"{SITE}torch\\lib\\fbgemm.dll", 126), packages=torch("2.6.0"))
    assert "pip install" not in words(found)


@pytest.mark.parametrize(
    ("symptom", "subject", "certainty"),
    [
        (failed(f"{SITE}torch\\lib\\c10.dll", 1114), "torch", Certainty.LIKELY),
        (failed(f"{SITE}torch\\lib\\torch_python.dll", 126), "torch", Certainty.LIKELY),
        (failed(module="_pywrap_tensorflow_internal"), "tensorflow", Certainty.LIKELY),
        (failed(module="onnxruntime_pybind11_state"), "onnxruntime", Certainty.LIKELY),
        (failed("msvcp140.dll", subject="tensorflow"), "tensorflow", Certainty.CERTAIN),
        (failed("vcruntime140.dll", subject="torch"), "torch", Certainty.CERTAIN),
        (failed("VCRUNTIME140_1.dll"), "the program", Certainty.CERTAIN),
    ],
)
def test_what_was_not_found_and_how_sure_that_is(symptom: dict[str, Any], subject: str, certainty: Certainty):
    (found,) = judge(symptom)
    assert (found.subject, found.certainty) == (subject, certainty)
    assert "winget" in words(found)


@pytest.mark.parametrize(
    "symptom",
    [
        failed("C:\\x\\onnxruntime_providers_cuda.dll", 126, "onnxruntime"),
        failed("cudnn_cnn_infer64_8.dll", 126, "torch"),
        failed(f"{SITE}torchaudio\\lib\\libtorchaudio.pyd", 127),
        failed(f"{SITE}bitsandbytes\\libbitsandbytes_cuda118.dll", 126),
        failed(code=193, subject="torch"),
        failed(module="_multiarray_umath"),
        failed(
            module="flash_attn_2_cuda",
            text="DLL load failed while importing flash_attn_2_cuda: The specified procedure could not be found.",
        ),
    ],
)
def test_other_libraries_are_other_matters(symptom: dict[str, Any]):
    assert not any(isinstance(outcome, Found) for outcome in judge(symptom))


def test_a_machine_whose_imports_went_well_passes():
    (outcome,) = judge(live=True, imports=[{"name": "torch", "status": "imported"}])
    assert isinstance(outcome, Passed)


def test_where_nothing_was_imported_it_is_not_judged():
    (outcome,) = judge(live=True, packages=torch("2.9.0"))
    assert isinstance(outcome, NotEvaluated)


def test_other_systems_have_no_such_libraries():
    (outcome,) = judge(failed(f"{SITE}torch\\lib\\c10.dll", 126), system={"os": "Linux"})
    assert isinstance(outcome, NotApplicable)


TEXTS = {
    "another language": """\
Traceback (most recent call last):
  File "D:\\ai\\webui.py", line 3, in <module>
    import torch
  File "D:\\ai\\env\\Lib\\site-packages\\torch\\__init__.py", line 148, in <module>
    raise err
OSError: [WinError 126] Das angegebene Modul wurde nicht gefunden. Error loading \
"D:\\ai\\env\\Lib\\site-packages\\torch\\lib\\shm.dll" or one of its dependencies.
""",
    "a runtime that is too old": """\
OSError: [WinError 1114] A dynamic link library (DLL) initialization routine failed. Error loading \
"C:\\py\\Lib\\site-packages\\torch\\lib\\c10.dll" or one of its dependencies.
""",
    "TensorFlow": """\
Traceback (most recent call last):
  File "C:\\Users\\me\\anaconda3\\lib\\site-packages\\tensorflow\\python\\pywrap_tensorflow.py", line 62, in <module>
    from tensorflow.python._pywrap_tensorflow_internal import *
ImportError: DLL load failed while importing _pywrap_tensorflow_internal: The specified module could not be found.
""",
    "TensorFlow's own words": """\
ImportError: Could not find the DLL(s) 'msvcp140_1.dll'. TensorFlow requires that these DLLs be installed in a directory that is \
named in your %PATH% environment variable.
""",
    "torch's own words": """\
Microsoft Visual C++ Redistributable is not installed, this may lead to the DLL load failure.
It can be downloaded at https://aka.ms/vs/16/release/vc_redist.x64.exe
""",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_real_words_lead_here_first(text: str):
    assert [finding.rule for finding in judged(read_text(text)).findings][:1] == ["windows-dll-missing"]


def test_words_that_name_nobody_are_of_the_framework_that_the_report_is_about() -> None:
    form = "- OS Platform and Distribution: Windows 10\n- TensorFlow version: 2.2\n"
    text = form + "ImportError: DLL load failed: The specified module could not be found.\n"
    found = [outcome for outcome in RULE.check(Case(read_text(text))) if isinstance(outcome, Found)]
    assert [outcome.subject for outcome in found] == ["tensorflow"]
