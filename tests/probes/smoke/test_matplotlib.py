from pathlib import Path

import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

# One pixel of one picture, of a colour that is off by one step; a letter that leaves no ink.
PLANTED = {
    "pixels": (
        "matplotlib.backends.backend_agg",
        """
right = module.FigureCanvasAgg.buffer_rgba
def wrong(self):
    found = bytearray(right(self))
    found[4 * (30 * 32 + 7) + 1] ^= 1
    return memoryview(found).cast("B", right(self).shape)
module.FigureCanvasAgg.buffer_rgba = wrong
""",
    ),
    "pixels of a PNG": (
        "matplotlib.image",
        """
right = module.imread
def wrong(file):
    found = right(file).copy()
    found[30, 7, 1] += 1 / 255
    return found
module.imread = wrong
""",
    ),
    "ink of a letter": ("matplotlib.figure", "module.Figure.text = lambda self, *arguments, **options: None"),
}


def test_it_computes(computing_python: str) -> None:
    assert_passes(run_smoke(computing_python, "matplotlib"), list(PLANTED))


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    module, planted = PLANTED[what]
    assert_catches(run_smoke(computing_python, "matplotlib", planted=planted, module=module), what)


def test_a_users_own_style_changes_nothing_that_is_compared(computing_python: str, tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("path.sketch: 9, 30, 9\nlines.antialiased: True\nsavefig.bbox: tight\nimage.origin: lower\n")
    assert_passes(run_smoke(computing_python, "matplotlib", variables={"MPLCONFIGDIR": str(tmp_path)}), list(PLANTED))


def test_a_module_that_cannot_be_imported_is_told_with_its_layer(computing_python: str) -> None:
    planted = "raise ImportError('libfreetype.so.6: cannot open shared object file: No such file or directory')"
    answer = run_smoke(computing_python, "matplotlib", planted=planted, module="matplotlib.figure")
    assert result(answer)["layer"] == "imported"
    assert answer.said[-1].text.startswith("ImportError: libfreetype.so.6")
