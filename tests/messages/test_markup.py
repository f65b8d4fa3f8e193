import pytest

from envcheck.messages.markup import without_markup


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("> > Killed", "Killed"),
        (">>> import torch", ">>> import torch"),
        ("\\>>> torch.\\_\\_version\\_\\_", ">>> torch.__version__"),
        ("libcudart\\_static \\[pip3\\] \\*", "libcudart_static [pip3] *"),
        ("C:\\venv\\_C.pyd", "C:\\venv\\_C.pyd"),
        ("PS C:\\> python", "PS C:\\> python"),
        ("site-packages\\_distutils_hack\\__init__.py", "site-packages\\_distutils_hack\\__init__.py"),
        ("No module named &#39;torch&#39; &quot;x&quot;", "No module named 'torch' \"x\""),
        ("numpy&lt;2 &amp; more", "numpy<2 & more"),
        ("No module named \u2018torch\u2019, \u201cx\u201d", "No module named 'torch', \"x\""),
        ("CUDA_VISIBLE_DEVICES=\u201c0\u201d", "CUDA_VISIBLE_DEVICES=\u201c0\u201d"),
        ("<pre><code>Killed\nagain</code></pre>", "Killed\nagain"),
        ("Killed<br>", "Killed"),
    ],
)
def test_what_was_made_of_a_text_is_undone(text: str, plain: str) -> None:
    assert without_markup(text) == plain
