"""What packages say of themselves: names that they took away, and that all of them goes on elsewhere."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern


def _of_numpy(_match: re.Match[str], details: Details) -> Details | None:
    return {**details, "name": f"numpy.{details['name']}"}


PATTERNS = (
    # error in anyjson setup command: use_2to3 is invalid.
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        " setup command: use_2to3 is invalid",
        r"error in (?P<by>[\w.-]{1,100}) setup command: use_2to3 is invalid",
        {"name": "setuptools.use_2to3", "package": "setuptools", "removed": "58.0"},
        subject="setuptools",
    ),
    # TypeError: canonicalize_version() got an unexpected keyword argument 'strip_trailing_zero'
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        "unexpected keyword argument 'strip_trailing_zero'",
        r"canonicalize_version\(\) got an unexpected keyword argument 'strip_trailing_zero'",
        {"name": "packaging.utils.canonicalize_version.strip_trailing_zero"},
        subject="setuptools",
    ),
    # AttributeError: jax.tree_map was removed in JAX v0.6.0: use jax.tree.map (jax v0.4.25 or newer) or …
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        " was removed in JAX v",
        r"(?:^|\s)(?P<name>jax(?:\.\w{1,60}){1,6}) was removed in JAX v(?P<removed>\d[\d.]{0,20}\d)(?::? [Uu]se "
        r"(?P<instead>[\w.]{1,80}\w))?",
        {"package": "jax"},
        subject="jax",
    ),
    # AttributeError: `np.float_` was removed in the NumPy 2.0 release. Use `np.float64` instead.
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        "` was removed in the NumPy ",
        r"`np\.(?P<name>[\w.]{1,80})` was removed in the NumPy (?P<removed>\d\.\d{1,2}) release(?:\. Use `(?P<instead>[^`\n]{1,80})`)?",
        {"package": "numpy"},
        refine=_of_numpy,
        subject="numpy",
    ),
    # The "tensorflow-gpu" package has been removed!↵↵Please install "tensorflow" instead.
    Pattern(
        SymptomKind.PACKAGE_RETIRED,
        '" package has been removed!',
        r'The "(?P<package>[\w-]{1,60})" package has been removed!(?: Please install "(?P<instead>[\w-]{1,60})" instead)?',
        subject="pip",
        lines=3,
    ),
    # The 'sklearn' PyPI package is deprecated, use 'scikit-learn' rather than 'sklearn' for pip commands.
    Pattern(
        SymptomKind.PACKAGE_RETIRED,
        "PyPI package is deprecated, use '",
        r"The '(?P<package>[\w-]{1,60})' PyPI package is deprecated, use '(?P<instead>[\w-]{1,60})' rather than",
        subject="pip",
        lines=1,
    ),
)
