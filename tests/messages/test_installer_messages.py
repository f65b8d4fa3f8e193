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
            "Downloading https://files.pythonhosted.org/packages/f8/02/torch-0.1.2.post2.tar.gz (128kB)",
            K.NO_MATCHING_DISTRIBUTION,
            "pip",
            {"requirement": "torch", "versions": "0.1.2.post2"},
        ),
        (
            "ModuleNotFoundError: No module named 'tools.nnwrap'",
            K.NO_MATCHING_DISTRIBUTION,
            "pip",
            {"requirement": "torch", "versions": "0.1.2.post2"},
        ),
        (
            '    setup(name="torch", version="0.1.2.post2",',
            K.NO_MATCHING_DISTRIBUTION,
            "pip",
            {"requirement": "torch", "versions": "0.1.2.post2"},
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
            "  `-> Because torch==2.2.0 is unusable because no wheels are available with a matching platform and you require torch==2.2.0",
            K.NO_MATCHING_DISTRIBUTION,
            "uv",
            {"requirement": "torch==2.2.0"},
        ),
        (
            (
                "Because torch{sys_platform == 'win32'}==2.7.1+cu128 "
                "has no `platform_machine == 'AMD64' and sys_platform ==\n  'win32'`-compatible wheels"
            ),
            K.NO_MATCHING_DISTRIBUTION,
            "uv",
            {"requirement": "torch==2.7.1+cu128", "what": "platform"},
        ),
        (
            "Because there is no version of torch==2.0.1+cu117 and you require torch==2.0.1+cu117, we can conclude",
            K.NO_MATCHING_DISTRIBUTION,
            "uv",
            {"requirement": "torch==2.0.1+cu117"},
        ),
        (
            "Because only torch<=2.2.2 is available and you require torch>=2.3, we can conclude",
            K.NO_MATCHING_DISTRIBUTION,
            "uv",
            {"requirement": "torch>=2.3"},
        ),
        (
            "hint: Wheels are available for `torch` (v1.13.1) with the following Python ABI tags: `cp310`, `cp311`",
            K.NO_MATCHING_DISTRIBUTION,
            "uv",
            {"requirement": "torch==1.13.1", "what": "abi", "tags": "cp310, cp311"},
        ),
        (
            "Because the current Python version (3.8.18) does not satisfy Python>=3.9 and torch==2.6.0 depends on Python>=3.9.0, we",
            K.VERSION_CONFLICT,
            "uv",
            {"package": "python", "have": "3.8.18", "need": ">=3.9", "by": "torch 2.6.0"},
        ),
        (
            "Specifications:\n\n  - tensorflow=1.13.1 -> python[version='>=3.6,<3.7.0a0|>=3.7,<3.8.0a0']",
            K.NO_MATCHING_DISTRIBUTION,
            "conda",
            {"requirement": "tensorflow==1.13.1", "what": "abi", "need": ">=3.6,<3.7.0a0|>=3.7,<3.8.0a0"},
        ),
        (
            "   └─ __cuda >=12.0 , which is missing on the system.",
            K.DRIVER_NOT_FOUND,
            "conda",
            {"vendor": "nvidia", "reason": "conda's solver sees no driver that is new enough", "need": "cuda>=12.0"},
        ),
        (
            "  - package cuda-version-12.6-h7480c83_3 requires __cuda >=12, but none of the providers can be installed",
            K.DRIVER_NOT_FOUND,
            "conda",
            {"vendor": "nvidia", "reason": "conda's solver sees no driver that is new enough", "need": "cuda>=12"},
        ),
        (
            "  - package cudatoolkit-11.3.1-h280eb24_10 has constraint __cuda >=11 conflicting with __cuda-10.2-0",
            K.DRIVER_TOO_OLD,
            "conda",
            {"need": "cuda>=11", "found": "10020", "by": "cudatoolkit 11.3.1"},
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
