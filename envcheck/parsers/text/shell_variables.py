"""Environment variables that a text shows, of those only that concern accelerators and frameworks; no other value is ever kept.

CUDA_VISIBLE_DEVICES=1 python train.py        export CUDA_VISIBLE_DEVICES="0,1"        set CUDA_VISIBLE_DEVICES=0
$env:CUDA_VISIBLE_DEVICES = "0"               os.environ["CUDA_VISIBLE_DEVICES"] = "0"  ENV NVIDIA_VISIBLE_DEVICES all
      - NVIDIA_VISIBLE_DEVICES=all            NVIDIA_DRIVER_CAPABILITIES: compute,utility        declare -x CUDA_HOME="/usr/local/cuda"
"""

from __future__ import annotations

import re

_PREFIXES = (
    *("CUDA_", "CUDNN_", "NVIDIA_", "NCCL_", "HIP_", "HSA_", "ROCR_", "ROCM_", "PYTORCH_", "TORCH_", "TRITON_", "TF_", "XLA_", "JAX_"),
    *("KERAS_", "TPU_", "OMP_", "KMP_", "MKL_", "OPENBLAS_", "NUMEXPR_", "ONEAPI_", "SYCL_", "ZE_", "ORT_", "SLURM_JOB_", "SLURM_GPUS"),
)
_NAMES = frozenset(
    (
        *("LD_LIBRARY_PATH", "LD_PRELOAD", "LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONNOUSERSITE"),
        *("GPU_DEVICE_ORDINAL", "CONDA_PREFIX", "VIRTUAL_ENV", "JAVA_HOME", "SPARK_HOME", "HADOOP_HOME", "PJRT_DEVICE", "COLAB_GPU"),
        *("PBS_JOBID", "LSB_JOBID", "WORLD_SIZE", "RANK", "LOCAL_RANK", "CONDA_OVERRIDE_CUDA", "BNB_CUDA_VERSION"),
    )
)
# Searched in capitals before anything else, since most lines name none of them.
_NAMED = re.compile(rf"\b(?:{'|'.join(sorted({*_PREFIXES, *_NAMES}))})")
_SECRET = re.compile(r"TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|COOKIE|PRIVATE|_KEY|KEY$")
_NAME = r"(?P<name>[A-Z][A-Z0-9_]{2,60})"
_VALUE = r"(?P<value>\"[^\"\n]{0,2000}\"|'[^'\n]{0,2000}'|[^\s;&|`]{0,2000})"
_BARE = re.compile(rf"^\s*(?:- [\"']?)?{_NAME}=(?P<value>[^\n]{{0,4000}}?)\s*$")
_EXPORTED = re.compile(rf"(?:\bexport |\bdeclare -x |\benv |\bENV |(?:^|[\s`(]))\b{_NAME}=(?!=){_VALUE}")
_SETENV = re.compile(rf"\bsetenv {_NAME} {_VALUE}")
_DOCKERFILE = re.compile(rf"^\s*ENV {_NAME} (?P<value>[^\n=]{{1,2000}})$")
_WINDOWS = re.compile(rf"(?:^|[>\s])set {_NAME}=(?P<value>[^\n&]{{0,2000}}?)\s*(?:&|$)", re.IGNORECASE)
_POWERSHELL = re.compile(rf"\$env:{_NAME}\s*=\s*(?P<value>\"[^\"\n]*\"|'[^'\n]*')", re.IGNORECASE)
_PYTHON = re.compile(
    rf"\bos\.(?:environ\[\s*[\"']{_NAME}[\"']\s*\]\s*=(?!=)"
    rf"|environ\.setdefault\(\s*[\"']{_NAME.replace('name', 'name2')}[\"']\s*,|putenv\(\s*[\"']{_NAME.replace('name', 'name3')}[\"']\s*,)"
    r"\s*(?:str\()?\s*f?(?P<value>\"[^\"\n]{0,2000}\"|'[^'\n]{0,2000}'|-?\d{1,6})"
)
_SHOWN = re.compile(rf"(?:^|[\s`])(?:echo )\$\{{?{_NAME}\}}?\s*$")
_COLON = re.compile(
    rf"^(?:\s{{2,40}}(?:- )?{_NAME}|\s*[\"']{_NAME.replace('name', 'name2')}[\"'])\s*:\s*"
    rf"(?P<value>\"[^\"\n]{{0,2000}}\"|'[^'\n]{{0,2000}}'|[^\s\"']{{1,2000}}?),?\s*$"
)
# Prose and code around what was only proposed or asked.
_ADVICE = re.compile(
    r"\b(?:try|should|would|could|please|suggest|recommend|instead|e\.g|for example|you can|if you|unset|make sure|rerun|consider)\b"
    r"|\bset [A-Z0-9_]{3,60}=\S{0,60} (?:and|to|for|in|or|before)\b",
    re.IGNORECASE,
)
# f"/opt/conda/lib:{os.environ.get('LD_LIBRARY_PATH', '')}": what the variable was before stands in it, as $LD_LIBRARY_PATH does in a shell.
_BEFORE = re.compile(r"\{os\.(?:environ|getenv)[^{}\n]{0,100}\}")
# What a shell or a person would still have to fill in; the folders of a search path may be named by variables.
_UNFILLED = re.compile(r"\$\(|`|<\w|^\$|\{\w")


def concerns_frameworks(name: str) -> bool:
    """Whether a variable of that name is told at all."""
    return (name in _NAMES or name.startswith(_PREFIXES)) and not _SECRET.search(name)


def parse_variables(line: str, following: str = "") -> list[tuple[str, str]]:
    """The variables that a line sets or shows, in their order; `following` is the line below, where an `echo $NAME` is answered."""
    if len(line) > 8000 or not _NAMED.search(line.upper()) or _ADVICE.search(line):
        return []
    whole = _BARE.match(line)
    # `env` prints values as they are, with blanks in them; a command behind a value is no part of it.
    if whole and concerns_frameworks(whole["name"]) and not re.search(r"\s\S*[a-z]", whole["value"]):
        listed = line.lstrip().startswith(('- "', "- '"))
        value = _unquoted(whole["value"].rstrip("\"'") if listed else whole["value"])
        return [] if _UNFILLED.search(value) else [(whole["name"], value)]
    found: dict[str, str] = {}
    for expression in (_PYTHON, _POWERSHELL, _WINDOWS, _SETENV, _DOCKERFILE, _EXPORTED, _COLON):
        for match in expression.finditer(line):
            names = match.groupdict()
            name = next((names[key] for key in ("name", "name2", "name3") if names.get(key)), "").upper()
            if name and concerns_frameworks(name) and name not in found:
                value = names["value"].strip() if expression is _WINDOWS else _unquoted(names["value"])
                value = _BEFORE.sub(f"${name}", value) if expression is _PYTHON else value
                found[name] = value if expression in (_PYTHON, _WINDOWS, _COLON) else value.rstrip(",")
    asked = _SHOWN.search(line)
    if asked and concerns_frameworks(asked["name"]) and asked["name"] not in found and following:
        answer = following.strip()
        if len(answer) < 2000 and not re.search(r"[#$>%] |\s", answer):
            found[asked["name"]] = answer
    return [(name, value) for name, value in found.items() if not _UNFILLED.search(value)]


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
