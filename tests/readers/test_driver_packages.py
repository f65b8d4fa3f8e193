"""Which release of the driver the lists and logs of package managers tell."""

from envcheck.readers.read import read_text

INSTALLED = "ii  nvidia-driver-550  550.90.07-0ubuntu0.22.04.1  amd64  x"
HALF = "iU  nvidia-dkms-550  550.90.07-0ubuntu0.22.04.1  amd64  x"
REMOVED = "rc  nvidia-driver-470  470.256.02-0ubuntu0.22.04.1  amd64  x"
SET_UP = "Setting up nvidia-utils-535 (535.183.01-0ubuntu0.22.04.1) ..."
SET_UP_LATER = "Setting up nvidia-utils-550 (550.90.07-0ubuntu0.22.04.1) ..."


def test_a_list_tells_what_is_installed_and_not_what_was_removed() -> None:
    nvidia = read_text(f"{INSTALLED}\n{REMOVED}\n").nvidia
    assert (nvidia.package_version, nvidia.packages_unfinished or ()) == ("550.90.07", ())
    assert not isinstance(read_text(REMOVED + "\n").nvidia.package_version, str)


def test_a_list_is_believed_before_a_log() -> None:
    assert read_text(f"{SET_UP}\n{INSTALLED}\n").nvidia.package_version == "550.90.07"


def test_of_a_log_the_last_line_counts() -> None:
    assert read_text(f"{SET_UP_LATER}\n{SET_UP}\n").nvidia.package_version == "535.183.01"
    assert read_text(f"{SET_UP}\n{SET_UP_LATER}\n").nvidia.package_version == "550.90.07"


def test_what_is_unpacked_and_not_set_up_is_unfinished() -> None:
    assert read_text(f"{INSTALLED}\n{HALF}\n").nvidia.packages_unfinished == ("nvidia-dkms-550",)
