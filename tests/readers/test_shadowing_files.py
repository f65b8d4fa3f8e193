"""Files of one's own that stand in a module's place, as tracebacks show them."""

import pytest

from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_text
from envcheck.rules import all_rules

TORCH_PY = """\
Traceback (most recent call last):
  File "/home/k/proj/torch.py", line 1, in <module>
    import torch
  File "/home/k/proj/torch.py", line 3, in <module>
    print(torch.cuda.is_available())
AttributeError: partially initialized module 'torch' has no attribute 'cuda' (most likely due to a circular import)
"""
NEW_WORDS = """\
Traceback (most recent call last):
  File "C:\\\\work\\\\train.py", line 2, in <module>
    random.seed(1)
AttributeError: module 'random' has no attribute 'seed' (consider renaming 'C:\\\\work\\\\random.py' since it has the same name as the \
standard library module named 'random' and prevents importing that standard library module)
"""
IMPORT_NAME = """\
Traceback (most recent call last):
  File "/data/job/run.py", line 1, in <module>
    from tensorflow import keras
ImportError: cannot import name 'keras' from 'tensorflow' (/data/job/tensorflow.py)
"""
BY_A_LIBRARY = """\
Traceback (most recent call last):
  File "main.py", line 1, in <module>
    import pandas
  File "/usr/lib/python3.10/site-packages/pandas/__init__.py", line 16, in <module>
    import calendar
  File "/home/k/proj/calendar.py", line 9, in <module>
    raise ValueError(month)
ValueError: 13
"""


@pytest.mark.parametrize(
    ("text", "module", "path", "standard"),
    [
        (TORCH_PY, "torch", "/home/k/proj/torch.py", False),
        (NEW_WORDS, "random", "C:\\\\work\\\\random.py", True),
        (IMPORT_NAME, "tensorflow", "/data/job/tensorflow.py", False),
        (BY_A_LIBRARY, "calendar", "/home/k/proj/calendar.py", True),
    ],
    ids=["circular", "consider renaming", "import name", "imported by a library"],
)
def test_the_file_and_the_module_that_it_hides(text: str, module: str, path: str, standard: bool) -> None:
    snapshot = read_text(text)
    (file,) = snapshot.python.shadowing
    assert (file.module, file.path, file.standard_library) == (module, path, standard)
    first = diagnose(snapshot, all_rules()).findings[0]
    assert (first.rule, first.subject) == ("module-shadowed", path)


@pytest.mark.parametrize(
    "text",
    [
        TORCH_PY.replace("/home/k/proj/torch.py", "/env/lib/python3.11/site-packages/torch/__init__.py"),
        TORCH_PY.replace("/home/k/proj/torch.py", "/home/k/proj/mine.py").replace("'torch'", "'mine'"),
        BY_A_LIBRARY.replace("/home/k/proj/calendar.py", "/usr/lib/python3.10/calendar.py"),
        BY_A_LIBRARY.replace("/home/k/proj/calendar.py", "/home/k/proj/plugin.py"),
        "AttributeError: module 'torch' has no attribute 'compiler'\n",
    ],
    ids=["the installed one", "a module of nobody's", "the standard library's own", "a plugin", "an old release"],
)
def test_nothing_is_hidden(text: str) -> None:
    found = diagnose(read_text(text), all_rules()).findings
    assert "module-shadowed" not in [finding.rule for finding in found]
