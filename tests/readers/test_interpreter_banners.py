from typing import Any

import pytest

from envcheck.facts.snapshot import known
from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("line", "version", "bits", "os"),
    [
        ("Python 3.10.6 (tags/v3.10.6:9c7b4bd, Aug  1 2022, 21:38:17) [MSC v.1932 32 bit (Intel)] on win32", "3.10.6", 32, "Windows"),
        ("3.12.5 (tags/v3.12.5:ff3bc82, Aug  6 2024, 20:45:27) [MSC v.1940 64 bit (AMD64)]", "3.12.5", 64, "Windows"),
        ("3.9.7 | packaged by conda-forge | (default, Sep 29 2021, 19:20:16) [MSC v.1916 64 bit (AMD64)]", "3.9.7", 64, "Windows"),
        ("Python 3.9.18 (main, Aug 25 2023, 13:20:14) [GCC 11.2.0] on linux", "3.9.18", None, "Linux"),
        ("Python 3.11.4 (main, Jul  5 2023, 08:54:11) [Clang 14.0.6 ] on darwin", "3.11.4", None, "Darwin"),
        ("pip 24.0 from /opt/venv/lib/python3.12/site-packages/pip (python 3.12)", "3.12", None, None),
        ("pip 20.1 from c:\\users\\me\\programs\\python\\python38-32\\lib\\site-packages\\pip (python 3.8)", "3.8", 32, "Windows"),
        ("  Using cached numpy-1.24.4-cp38-cp38-win_amd64.whl.metadata (5.6 kB)", "3.8", None, "Windows"),
        ("  Downloading cryptography-43.0-cp39-abi3-manylinux_2_28_x86_64.whl (4.0 MB)", None, None, None),
        ("('32bit', 'WindowsPE')", None, 32, None),
    ],
)
def test_what_python_and_pip_say_of_themselves(line: str, version: Any, bits: Any, os: Any):
    facts = read_text(line)
    assert (known(facts.python.version, None), known(facts.python.bits, None), known(facts.system.os, None)) == (version, bits, os)
