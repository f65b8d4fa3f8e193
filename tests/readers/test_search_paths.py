"""sys.path and `python -m site` in a pasted text."""

from envcheck.facts.snapshot import UserSite
from envcheck.readers.read import read_text

VENV = "['', '/usr/lib/python310.zip', '/usr/lib/python3.10', '/usr/lib/python3.10/lib-dynload', '/v/lib/python3.10/site-packages']"


def test_a_virtual_environment_by_its_path() -> None:
    python = read_text(f"$ python -c 'import sys; print(sys.path)'\n{VENV}\n").python
    assert (python.version, python.environment, python.prefix, python.base_prefix) == ("3.10", "venv", "/v", "/usr")
    assert python.site_folders == ("/v/lib/python3.10/site-packages",)
    assert python.python_path == ()
    assert python.user_site == UserSite(enabled=False)


def test_what_stands_before_the_archive_is_of_pythonpath() -> None:
    python = read_text(VENV.replace("['', ", "['', '/sw/lib/python3.8/site-packages', '/home/a/lib', ")).python
    assert python.python_path == ("/sw/lib/python3.8/site-packages", "/home/a/lib")


def test_the_folder_of_the_program_is_not() -> None:
    assert read_text(VENV.replace("''", "'/home/a/project'")).python.python_path == ()


def test_one_entry_a_line_in_quotes_or_bare() -> None:
    entries = [part.strip("[]' ") for part in VENV.split(",")][1:]
    quoted = "sys.path = [\n" + "".join(f"    '{entry}',\n" for entry in entries) + "]\n"
    bare = "\n".join(entries)
    for text in (quoted, f"$ python show.py\n{bare}\n"):
        assert read_text(text).python.prefix == "/v"


def test_a_conda_environment_with_the_users_folder() -> None:
    base = "/home/a/miniconda3/envs/x"
    user = "/home/a/.local/lib/python3.11/site-packages"
    python = read_text(f"['', '{base}/lib/python311.zip', '{base}/lib/python3.11', '{user}', '{base}/lib/python3.11/site-packages']").python
    assert (python.environment, python.prefix) == ("conda", base)
    assert python.user_site == UserSite(path=user, enabled=True)


def test_windows() -> None:
    facts = read_text(
        r"['', 'C:\\Python310\\python310.zip', 'C:\\Python310\\lib', 'C:\\work\\.venv', 'C:\\work\\.venv\\lib\\site-packages']"
    )
    assert facts.system.os == "Windows"
    assert (facts.python.base_prefix, facts.python.prefix, facts.python.environment) == (r"C:\Python310", r"C:\work\.venv", "venv")


def test_the_words_of_site_go_before_the_path() -> None:
    python = read_text(
        "sys.path = [\n    '/w',\n    '/usr/lib/python312.zip',\n    '/usr/lib/python3.12',\n]\n"
        "USER_SITE: '/home/a/.local/lib/python3.12/site-packages' (doesn't exist)\nENABLE_USER_SITE: True\n"
    ).python
    assert python.user_site == UserSite(path="/home/a/.local/lib/python3.12/site-packages", enabled=True)


def test_other_lists_and_archives_are_left_alone() -> None:
    told = read_text("['model.zip', 'weights.zip']\nDownloading https://host/python310.zip\nunzip /tmp/data.zip\n")
    assert not told.sources
