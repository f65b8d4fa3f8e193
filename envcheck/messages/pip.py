"""What pip, uv, conda and poetry say when there is nothing to install, and when they could not ask what there is."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

_REQUIREMENT = r"[A-Za-z0-9][^\s;]{0,200}"
_MANY = 60


def _versions(match: re.Match[str], details: Details) -> Details | None:
    """A list of versions too long to be shown keeps its first and last."""
    names = [name.strip() for name in details.get("versions", "").split(",") if name.strip()]
    if names and match.string[match.end() : match.end() + 1] != ")":
        names = [*names[:-1], "…"]  # the list is longer than a message may be: its last version was cut
    if names:
        details["versions"] = ", ".join(names if len(names) <= _MANY else [*names[: _MANY // 2], "…", *names[-_MANY // 2 :]])
    return details


def _tag(_match: re.Match[str], details: Details) -> Details | None:
    """Which of a wheel's tags fits nowhere: that of the platform, or that of Python."""
    return {**details, "what": "platform" if details["what"] == "platform" else "abi"}


def _with_version(_match: re.Match[str], details: Details) -> Details | None:
    """`torch` (2.5.1) is the requirement torch==2.5.1."""
    details["requirement"] = f"{details['requirement']}=={details.pop('version')}"
    return details


def _specified(_match: re.Match[str], details: Details) -> Details | None:
    """`torch` and `==2.0.1` are one requirement."""
    details["requirement"] += details.pop("version", "")
    return details


def _refusing(_match: re.Match[str], details: Details) -> Details | None:
    """`torch` and `==2.6.0` are who refuses this Python: torch 2.6.0."""
    details["by"] = f"{details['by']} {details.pop('version', '').lstrip('=')}".strip()
    return details


def _hint(match: re.Match[str], details: Details) -> Details | None:
    """The requirement, and the tags without their quotes."""
    _with_version(match, details)
    details["tags"] = ", ".join(re.findall(r"`([^`]{1,60})`", details["tags"]))
    return _tag(match, details)


def _conda(_match: re.Match[str], details: Details) -> Details | None:
    """The `pytorch=1.7` of conda in pip's words."""
    details["requirement"] = re.sub(r"(?<![=<>!~])=(?!=)", "==", details["requirement"].replace(" ", "")).rstrip(".")
    return details


def _glibc_of_conda(_match: re.Match[str], details: Details) -> Details | None:
    """`>=2.28,<3.0.a0` or alternatives of it: the oldest glibc that would do; `reason` where the solver says that it is not there."""
    missing = details.pop("needed", "") or details.pop("provided", "")
    bounds = re.findall(r">=(\d{1,2}\.\d{1,3})", missing or details.pop("asked", ""))
    by = details.pop("asker", "") or details.pop("user", "")
    if not bounds:
        return None
    need = min(bounds, key=lambda bound: tuple(map(int, bound.split("."))))
    return {"package": "glibc", "need": need, **({"by": by} if by else {}), **({"reason": "missing"} if missing else {})}


def _cuda_of_conda(_match: re.Match[str], details: Details) -> Details | None:
    if "need" in details:
        details["need"] = f"cuda{details['need'].rstrip(',')}"
    return details


def _driver_of_conda(_match: re.Match[str], details: Details) -> Details | None:
    """`cuda-version-12.0` asks, and the driver has CUDA 11.8: as the driver itself would say it, 11080."""
    cuda, _, minor = details["found"].partition(".")
    name, _, version = details.pop("asker").rpartition("-")
    return {
        **details,
        "need": f"cuda{details['need'].rstrip(',')}",
        "found": str(int(cuda) * 1000 + int(minor) * 10),
        "by": f"{name} {version}",
    }


PATTERNS = (
    # ERROR: Could not find a version that satisfies the requirement torch==1.13.1 (from versions: 2.0.0, 2.0.1)
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "Could not find a version that satisfies the requirement ",
        rf"Could not find a version that satisfies the requirement (?P<requirement>{_REQUIREMENT})(?: \(from "
        r"(?!versions)(?:[^()\n]|\([^()\n]{0,80}\)){1,200}\)){0,3}"
        r"(?: \(from versions: (?P<versions>[^)\n]{0,1500}))?",
        refine=_versions,
        subject="pip",
    ),
    # ERROR: No matching distribution found for torch==1.13.1
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "No matching distribution found for ",
        rf"No matching distribution found for (?P<requirement>{_REQUIREMENT})",
        subject="pip",
    ),
    # ERROR: torch-1.7.0-cp37-cp37m-win_amd64.whl is not a supported wheel on this platform.
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        " is not a supported wheel on this platform",
        r"(?P<requirement>[\w.+!-]{3,200}\.whl) is not a supported wheel on this platform",
        subject="pip",
    ),
    # Downloading torch-0.1.2.post2.tar.gz (128 kB)    the one file of PyPI's torch that fits every Python, and that nobody can build
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "torch-0.1.2",
        r"\b(?P<requirement>torch)-(?P<versions>0\.1\.2(?:\.post\d)?)\.tar\.gz\b",
        subject="pip",
    ),
    # ModuleNotFoundError: No module named 'tools.nnwrap'    the end of building it
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "No module named 'tools.nnwrap'",
        r"No module named 'tools\.nnwrap'",
        {"requirement": "torch", "versions": "0.1.2.post2"},
        subject="pip",
    ),
    # setup(name="torch", version="0.1.2.post2",    a line of its setup.py, which a traceback quotes
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        'name="torch", version="0.1.2',
        r'\bname="(?P<requirement>torch)", version="(?P<versions>0\.1\.2(?:\.post\d)?)"',
        subject="pip",
    ),
    # Because torch==1.13.1 has no wheels with a matching Python ABI tag (e.g., `cp313`) and you require torch==1.13.1, …
    # Because all versions of mlx have no wheels with a matching platform tag (e.g., `macosx_12_0_arm64`) and you require mlx, …
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        " no wheels with a matching ",
        r"(?:Because|that|and|only) (?:all versions of )?(?P<requirement>[A-Za-z0-9][^\s]{0,100}) (?:has|have|is available, but has|"
        r"are available, but have) no "
        r"wheels with a matching (?P<what>Python (?:ABI|version|implementation)|platform) tag(?: \(e\.g\., `(?P<have>[^`\s]{1,60})`\))?",
        refine=_tag,
        subject="uv",
    ),
    # Because torch==2.2.0 is unusable because no wheels are available with a matching platform and you require … (uv before 0.3, which said
    # so too where all versions have a local tag: the tables decide)
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        " wheels are available with a matching ",
        r"(?:Because|that|and|only) (?P<requirement>[A-Za-z0-9][^\s]{0,100}) (?:is unusable because|has) no wheels are available with a "
        r"matching (?:Python|platform)",
        subject="uv",
    ),
    # torch{sys_platform == 'win32'}==2.7.1+cu128 has no `platform_machine == 'AMD64' and sys_platform == 'win32'`-compatible wheels
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "-compatible wheels",
        r"(?P<requirement>[A-Za-z0-9][\w.-]{0,80})(?:\{[^{}\n]{1,160}\})?==(?P<version>\d[\w.+!]{0,60}) "
        r"has no `[^`]{1,200}`-compatible wheels",
        {"what": "platform"},
        refine=_with_version,
        subject="uv",
    ),
    # Because there is no version of torch==2.0.1+cu117 and you require torch==2.0.1+cu117, …    (uv and pixi)
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        " there is no version of ",
        r"(?:Because|and|that) there is no version of (?P<requirement>[A-Za-z0-9][\w.-]{0,80})(?:\{[^{}\n]{1,160}\})?"
        r"(?P<version>(?:[=<>!~]{1,2}[\w.+*!,<>=]{1,80})?)(?= |,|$)",
        refine=_specified,
        subject="uv",
    ),
    # Because only torch<=2.2.2 is available and you require torch>=2.3, …
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        " is available and you require ",
        r"(?:Because|that) only (?P<name>[A-Za-z0-9][\w.-]{0,80})[=<>]{1,2}[\w.+]{1,60} is available and you require "
        r"(?P<requirement>(?P=name)[=<>!~]{1,2}[^\s,]{1,80})",
        refine=lambda _match, details: {key: value for key, value in details.items() if key != "name"},
        subject="uv",
    ),
    # hint: Wheels are available for `torch` (v2.6.0) on the following platforms: `manylinux_2_28_aarch64`, `win_amd64`
    # hint: Wheels are available for `torch` (v1.13.1) with the following Python ABI tags: `cp310`, `cp311`
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "Wheels are available for `",
        r"Wheels are available for `(?P<requirement>[^`\s]{1,100})` \(v(?P<version>[^)\s]{1,60})\) (?:on|for|with) the following "
        r"(?P<what>platform|Python ABI|Python implementation|Python)(?: tag)?s?: (?P<tags>`[^\n]{1,400})",
        refine=_hint,
        subject="uv",
    ),
    # Because the current Python version (3.8.18) does not satisfy Python>=3.9 and torch==2.6.0 depends on Python>=3.9, …
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "the current Python version (",
        r"[Bb]ecause the current Python version \((?P<have>\d[\w.]{0,20})\) does not satisfy Python(?P<need>[<>=!~][\w.,<>=!~*]{1,60}) "
        r"and (?P<by>[A-Za-z0-9][\w.-]{0,80})(?:\{[^{}\n]{1,160}\})?(?P<version>(?:==|>=|<=|>|<)[\w.+,<>=]{1,60})? depends? on Python",
        {"package": "python"},
        refine=_refusing,
        subject="uv",
    ),
    # hint: You're on Windows (`win_amd64`), but `torch` (v2.5.1) only has wheels for the following platform: `linux_aarch64`
    # hint: You're using CPython 3.13 (`cp313`), but `torch` (v2.0.1) only has wheels with the following Python ABI tag: `cp311`
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        " wheels ",
        r"hint: You(?:'re on| require|'re using) [^`\n]{2,60}\(`(?P<have>[^`\s]{1,60})`\), but (?:we only found wheels for )?"
        r"`(?P<requirement>[^`\s]{1,100})` \(v(?P<version>[^)\s]{1,60})\) (?:only has wheels )?(?:for|with) the following "
        r"(?P<what>platform|Python ABI|Python implementation)(?:s| tags?)?: (?P<tags>`[^\n]{1,400})",
        refine=_hint,
        subject="uv",
    ),
    # error: Distribution `torch==2.1.0 @ registry+…` can't be installed because it doesn't have a source distribution or wheel for the
    # current platform
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "have a source distribution or wheel for the current platform",
        r"istribution `(?P<requirement>[A-Za-z0-9][^\s`]{0,100})(?: @ [^`\n]{0,200})?` can't be installed because it doesn't have a "
        r"source distribution or wheel",
        subject="uv",
    ),
    # ERROR: Package 'numba' requires a different Python: 3.12.1 not in '<3.12,>=3.8'
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        " requires a different Python: ",
        r"(?P<by>[A-Za-z0-9][\w.+-]*)'? requires a different Python: (?P<have>\d[\w.]*) not in '(?P<need>[^'\n]{1,60})'",
        {"package": "python"},
        subject="pip",
    ),
    # ERROR: Ignored the following versions that require a different python version: 1.21.2 Requires-Python >=3.7,<3.11; …
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "Ignored the following versions that require a different python version",
        r"Ignored the following versions that require a different python version: \S{1,60} Requires-Python (?P<need>[^;\n]{1,60})",
        {"package": "python"},
        subject="pip",
    ),
    # RuntimeError: Unable to find installation candidates for torch (2.0.0)    (poetry)
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "Unable to find installation candidates for ",
        r"Unable to find installation candidates for (?P<requirement>[A-Za-z0-9][\w.-]{0,100}) \((?P<version>[^)\s]{1,60})\)",
        refine=_with_version,
        subject="poetry",
    ),
    # PackagesNotFoundError: The following packages are not available from current channels:↵↵  - pytorch==1.7.1
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "PackagesNotFoundError: ",
        r"PackagesNotFoundError: The following packages are (?:not available from current channels|missing from the target environment): "
        r"- (?P<requirement>[A-Za-z0-9][^\s]{0,100})",
        refine=_conda,
        subject="conda",
        lines=3,
    ),
    # nothing provides requested pytorch 1.7.1    nothing provides python >=3.8,<3.9.0a0 needed by pytorch-1.7.1-py3.8_0
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "nothing provides requested ",
        r"nothing provides requested (?P<requirement>[A-Za-z0-9][\w.-]{0,80}(?: ?[=<>]{0,2}\d[\w.*]{0,40})?)",
        refine=lambda match, details: _conda(match, {**details, "requirement": re.sub(r" +(?=\d)", "==", details["requirement"])}),
        subject="conda",
    ),
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "nothing provides python ",
        r"nothing provides python (?P<need>[\d.*<>=,a-z]{1,60}) needed by "
        r"(?P<requirement>[A-Za-z][\w.]*(?:-[A-Za-z][\w.]*)*)-(?P<version>\d[\w.]*)",
        {"what": "abi"},
        refine=_with_version,
        subject="conda",
    ),
    # ├─ pytorch 1.7.1 would require↵│  └─ python >=3.6,<3.7.0a0 , which conflicts with any installable versions (mamba and newer conda)
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        " would require",
        r"(?P<requirement>[A-Za-z][\w.-]{0,80}) \[?(?P<version>\d[\w.]{0,60})(?:\|[\w.|]{1,200})?\]? would require [│├└─|\s-]{0,20}"
        r"python (?P<need>[\d.*<>=,a-z]{1,60}) ?,? which (?:conflicts with any|does not exist)",
        {"what": "abi"},
        refine=_with_version,
        subject="conda",
        lines=1,
    ),
    # UnsatisfiableError: …↵  - tensorflow==1.13.1 -> python[version='>=3.6,<3.7.0a0|>=3.7,<3.8.0a0']    (conda's older solver)
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        " -> python[version='",
        r"^\s*-? ?(?P<requirement>[A-Za-z][\w.-]{0,80}(?:[=<>]{1,2}[\w.*]{1,40})?) -> python\[version='(?P<need>[^'\n]{1,300})'\]",
        {"what": "abi"},
        refine=_conda,
        subject="conda",
    ),
    #   - tensorflow==2.16.1 -> __glibc[version='>=2.28']    └─ __glibc >=2.28,<3.0.a0 , which is missing on the system.
    # nothing provides __glibc >=2.28,<3.0.a0 needed by pytorch-2.6.0-cpu_generic_py312_0
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "__glibc",
        r"^\s*-\s(?P<asker>[A-Za-z][\w.-]{0,80})\S{0,60}\s(?:->\s[^\s\[]{1,80}(?:\[version='[^'\n]{1,200}'\])?\s){0,4}"
        r"->\s__glibc\[version='(?P<asked>[^'\n]{1,80})'\]"
        r"|nothing provides (?:requested )?__glibc (?P<provided>[>=<\d.,a-z]{3,40}) ?needed by (?P<user>[A-Za-z][\w.-]{0,80}?)-\d"
        r"|__glibc (?P<needed>[>=<\d.,a-z]{3,40}) ?, which is missing on the system",
        {},
        refine=_glibc_of_conda,
        subject="conda",
    ),
    # nothing provides __cuda needed by pytorch-1.11.0-…    └─ __cuda >=12 , which is missing on the system    (conda asks the driver)
    # package cuda-version-12.6-h7480c83_3 requires __cuda >=12, but none of the providers can be installed
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "__cuda",
        r"__cuda(?: (?P<need>[>=<*][\w.,<>=*|]{0,30}))? ?"
        r"(?:needed by|, which is missing on the system|, but none of the providers can be installed)",
        {"vendor": "nvidia", "reason": "conda's solver sees no driver that is new enough"},
        refine=_cuda_of_conda,
        subject="conda",
    ),
    # package cuda-version-12.0-hffde075_0 has constraint __cuda >=12 conflicting with __cuda-11.8-0
    Pattern(
        SymptomKind.DRIVER_TOO_OLD,
        " has constraint __cuda ",
        r"package (?P<asker>[A-Za-z][\w.-]{0,80}?-\d[\w.]{0,40})-\w{1,60} has constraint __cuda (?P<need>[>=<*][\w.,<>=*|]{0,30}) "
        r"conflicting with __cuda-(?P<found>\d{1,2}\.\d{1,2})-",
        refine=_driver_of_conda,
        subject="conda",
    ),
    # WARNING: Retrying (Retry(total=4, …)) after connection broken by 'NewConnectionError('<…>: Failed to establish a new connection …')'
    Pattern(
        SymptomKind.DOWNLOAD_FAILED,
        " after connection broken by ",
        r"after connection broken by ['\"]?(?P<reason>\w{3,60})",
        subject="pip",
    ),
    # Could not fetch URL https://pypi.org/simple/torch/: There was a problem confirming the ssl certificate
    Pattern(
        SymptomKind.DOWNLOAD_FAILED,
        "Could not fetch URL ",
        r"Could not fetch URL (?P<url>[^\s]{1,200}?):? (?P<reason>[^\n]{1,120})",
        subject="pip",
    ),
    # error: Failed to fetch: `https://pypi.org/simple/torch/`
    Pattern(SymptomKind.DOWNLOAD_FAILED, "Failed to fetch: `http", r"Failed to fetch: `(?P<url>[^`\s]{1,200})`", subject="uv"),
    # CondaHTTPError: HTTP 000 CONNECTION FAILED for url <https://repo.anaconda.com/…>
    Pattern(
        SymptomKind.DOWNLOAD_FAILED,
        "CondaHTTPError: ",
        r"CondaHTTPError: (?P<reason>HTTP \d{3} [A-Z ]{2,40}?) for url <(?P<url>[^>\s]{1,200})",
        subject="conda",
    ),
)
