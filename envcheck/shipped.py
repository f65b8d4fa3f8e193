"""Where the probes and profiles that come with envcheck lie, in an installed package and in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder `probes` or `profiles`: inside the installed package, or beside it in a checkout or an editable install."""
    installed = PACKAGE / "bundled" / name
    return installed if installed.is_dir() else PACKAGE.parent / name
