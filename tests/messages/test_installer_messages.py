import pytest

from envcheck.facts.symptoms import SymptomKind as K
from envcheck.messages.parse import parse_message


@pytest.mark.parametrize(
    ("text", "kind", "subject", "details"),
    [
        (
            "ERROR: Could not find a version that satisfies the requirement a==1 (from -r r.txt (line 3)) (from versions: 2.0, 2.1)",
            K.NO_MATCHING_DISTRIBUTION,
            "pip",
            {"requirement": "a==1", "versions": "2.0, 2.1"},
        ),
        (
            "Because torch>=2.6.0 has no wheels with a matching platform tag (e.g., `macosx_15_0_x86_64`) and you require it",
            K.NO_MATCHING_DISTRIBUTION,
            "uv",
            {"requirement": "torch>=2.6.0", "what": "platform", "have": "macosx_15_0_x86_64"},
        ),
        (
            "hint: You're on Windows (`win_amd64`), but `torch` (v2.5.1) only has wheels for the following platform: `linux_aarch64`",
            K.NO_MATCHING_DISTRIBUTION,
            "uv",
            {"requirement": "torch==2.5.1", "what": "platform", "have": "win_amd64", "tags": "linux_aarch64"},
        ),
        (
            "  Unable to find installation candidates for torch (2.0.1)",
            K.NO_MATCHING_DISTRIBUTION,
            "poetry",
            {"requirement": "torch==2.0.1"},
        ),
        (
            "PackagesNotFoundError: The following packages are not available from current channels:\n\n  - pytorch=1.7.1\n",
            K.NO_MATCHING_DISTRIBUTION,
            "conda",
            {"requirement": "pytorch==1.7.1"},
        ),
        (
            "nothing provides python >=3.8,<3.9.0a0 needed by pytorch-1.7.1-py3.8_cuda",
            K.NO_MATCHING_DISTRIBUTION,
            "conda",
            {"requirement": "pytorch==1.7.1", "what": "abi", "need": ">=3.8,<3.9.0a0"},
        ),
        (
            "   ├─ pytorch 1.7.1 would require\n   │  └─ python >=3.6,<3.7.0a0 , which conflicts with any installable versions;",
            K.NO_MATCHING_DISTRIBUTION,
            "conda",
            {"requirement": "pytorch==1.7.1", "what": "abi", "need": ">=3.6,<3.7.0a0"},
        ),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'ProxyError('x')': /simple/torch/",
            K.DOWNLOAD_FAILED,
            "pip",
            {"reason": "ProxyError"},
        ),
        ("error: Failed to fetch: `https://pypi.org/simple/torch/`", K.DOWNLOAD_FAILED, "uv", {"url": "https://pypi.org/simple/torch/"}),
    ],
)
def test_what_installers_say(text: str, kind: K, subject: str, details: dict[str, str]):
    (symptom,) = parse_message(text)
    assert (symptom.kind, symptom.subject, symptom.details) == (kind, subject, details)


def test_a_list_that_is_too_long_says_that_its_end_is_missing():
    versions = ", ".join(f"1.{number}.0" for number in range(400))
    (symptom,) = parse_message(f"Could not find a version that satisfies the requirement x==9 (from versions: {versions})")
    assert symptom.details["versions"].startswith("1.0.0, 1.1.0")
    assert symptom.details["versions"].endswith("…")
