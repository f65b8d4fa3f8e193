"""Which module an isolated build missed, of pip's and uv's logs, whole and cut."""

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.readers.read import read_text

SUBPROCESS = "note: This error originates from a subprocess, and is likely not a problem with pip.\n"
MISSED = "ModuleNotFoundError: No module named 'torch'"


def missed(text: str) -> list[tuple[str, str]]:
    said = read_text(text).symptoms
    return [
        (symptom.details["module"], symptom.details.get("by", "")) for symptom in said if symptom.kind is SymptomKind.BUILD_MISSED_MODULE
    ]


@pytest.mark.parametrize(
    ("text", "by"),
    [
        (f"Collecting xformers==0.0.20\n  Getting requirements to build wheel ... error\n      {MISSED}\n", "xformers"),
        (f"      {MISSED}\n      [end of output]\n  {SUBPROCESS}", ""),
        (f'  File "/tmp/pip-build-env-x1/overlay/lib/python3.11/site-packages/setuptools/build_meta.py", line 1\n{MISSED}\n', ""),
        (
            f"cwd: /tmp/pip-install-_op0fkvy/Flash_attn_32ecdb534ca149cebac1b8d1956665eb\nget_requires_for_build_wheel\n{MISSED}\n",
            "flash-attn",
        ),
        (
            f"{MISSED}\n{SUBPROCESS}ERROR: Failed to build installable wheels for some pyproject.toml based projects (apex)\n",
            "apex",
        ),
        (f"  x Failed to build `torch-sparse==0.6.18`\n{MISSED}\n", "torch-sparse"),
    ],
)
def test_the_module_and_what_was_built(text: str, by: str) -> None:
    assert missed(text) == [("torch", by)]


def test_uv_says_it_in_its_hint() -> None:
    hint = "hint: This error likely indicates that `natten@0.17.5` depends on `torch`, but doesn't declare it as a build dependency."
    assert missed(hint) == [("torch", "natten")]


def test_its_line_is_nobody_elses() -> None:
    text = f'Traceback (most recent call last):\n  File "<string>", line 8, in <module>\n{MISSED}\n[end of output]\n{SUBPROCESS}'
    assert [symptom.kind for symptom in read_text(text).symptoms] == [SymptomKind.BUILD_MISSED_MODULE]


@pytest.mark.parametrize(
    "text",
    [
        f'>>> import torch\nTraceback (most recent call last):\n  File "<stdin>", line 1, in <module>\n{MISSED}\n',
        f"$ pip install --no-build-isolation flash-attn\n  Getting requirements to build wheel ... error\n{MISSED}\n",
        "Getting requirements to build wheel ... done\n",
    ],
)
def test_a_module_that_the_environment_lacks_is_another_matter(text: str) -> None:
    assert missed(text) == []
