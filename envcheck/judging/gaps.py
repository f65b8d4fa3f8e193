"""What rules say where nothing that they need was shown: they have one answer then, which is known without asking them."""

from envcheck.judging.rule import NotEvaluated

_LIVE = "a run of envcheck doctor on the machine itself"
_PACKAGES = "the installed packages are not known"

BITS = NotEvaluated("Python", "it is not known whether it is a 64-bit program", ("the first lines of torch.utils.collect_env",))
IMPORTS = NotEvaluated("", "no framework was imported", ("a run of envcheck doctor without --quick, on the machine itself",))
KERNELS = NotEvaluated("Jupyter kernels", "they were not looked for", ("the output of jupyter kernelspec list --json",))
PACKAGES = NotEvaluated("", _PACKAGES, ("the output of pip list",))
PACKAGES_AS_METADATA = NotEvaluated("", _PACKAGES, ("the output of pip list, or a run on the machine itself",))
PACKAGES_AS_FILES = NotEvaluated("", _PACKAGES, (_LIVE,))
PACKAGES_NOT_ALL = NotEvaluated("", "not all packages of the examined environment are known", ("the output of pip list",))
PIP = NotEvaluated(
    "pip",
    "the Python that the pip of PATH belongs to is not known",
    ("the output of pip --version, of python --version and of which python",),
)
PYTHON_PATH = NotEvaluated("PYTHONPATH", "it is not known", ("the output of python -c 'import sys; print(sys.path)'",))
PYTHON_VERSION = NotEvaluated("Python", "its version is not known", ("the output of python --version",))
REQUIREMENTS = NotEvaluated(
    "",
    "the Python version or the platform is not known",
    ("the output of pip check, or a run of envcheck doctor on the machine itself",),
)
SHADOWING = NotEvaluated(
    "", "it is not known which modules the working folder and PYTHONPATH bring", ("a run of envcheck doctor in that folder",)
)
USER_SITE = NotEvaluated("", "it is not known whether this Python reads the user's site folder", ("the output of python -m site",))
