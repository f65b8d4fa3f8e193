"""The file that makes a folder a virtual environment."""

from envcheck.parsers.python.pyvenv_cfg import parse_pyvenv_cfg


def test_pyvenv_cfg_is_read_as_python_reads_it() -> None:
    text = "home = /usr/bin\nInclude-System-Site-Packages = false\nversion=3.11.7\nhome = /other\nno equals\nkey = a = b\n"
    assert parse_pyvenv_cfg(text) == {"home": "/usr/bin", "include-system-site-packages": "false", "version": "3.11.7", "key": "a = b"}
