from envcheck.facts.snapshot import Package, Snapshot
from envcheck.readers.read import read_text


def packages(facts: Snapshot) -> dict[str, Package]:
    return {package.name: package for package in facts.packages}


def test_what_will_be_installed_and_removed_is_read_with_its_build():
    found = packages(
        read_text(
            "The following NEW packages will be INSTALLED:\n\n"
            "  pytorch            pytorch/linux-64::pytorch-2.1.0-py3.10_cpu_0 None\n"
            "  libgomp            conda-forge/linux-64::libgomp-13.2.0-h807b86a_5\n\n"
            "The following packages will be REMOVED:\n\n"
            "  old-thing-1.2-py37_1\n"
            "  libgomp-9.3.0-h5101ec6_17\n"
        )
    )
    assert (found["torch"].version, found["torch"].build, found["torch"].channel) == ("2.1.0", "py3.10_cpu_0", "pytorch")
    assert found["libgomp"].version == "13.2.0"
    assert found["old-thing"].build == "py37_1"


def test_the_older_form_has_a_colon():
    found = packages(read_text("The following NEW packages will be INSTALLED:\n\n    py-xgboost: 0.90-py37_1 conda-forge\n"))
    assert (found["xgboost"].version, found["xgboost"].build) == ("0.90", "py37_1")


def test_updates_and_prose_are_passed_over():
    text = "The following packages will be UPDATED:\n\n  numpy   1.19.2-py38_0 --> 1.20.1-py38_0\n\nProceed ([y]/n)? y\n"
    assert [package.build for package in read_text(text).packages if package.build] == []
    assert packages(read_text("The following packages will be REMOVED:\n\nwell-1.0-beta of mine\n")) == {}


def test_a_name_that_begins_with_an_underscore_does_not_end_a_list():
    found = packages(
        read_text(
            "# Name  Version  Build  Channel\n_libgcc_mutex  0.1  conda_forge  conda-forge\nrich  13.7.0  pyhd8ed1ab_0  conda-forge\n"
        )
    )
    assert found["rich"].channel == "conda-forge"
    assert "libgcc-mutex" in found


def test_what_will_be_downloaded_is_read_from_its_table():
    found = packages(
        read_text(
            "The following packages will be downloaded:\n\n"
            "    package                    |            build\n    ---------------------------|-----------------\n"
            "    libuv-1.40.0               |       he774522_0         255 KB  defaults\n"
            "    pytorch-1.12.1             |      py3.8_cpu_0       133.8 MB  pytorch\n"
            "    pytorch-mutex-1.0          |              cpu           3 KB  pytorch\n"
            "    ------------------------------------------------------------\n                                           Total:  134 MB\n"
        )
    )
    assert (found["torch"].version, found["torch"].build, found["torch"].channel) == ("1.12.1", "py3.8_cpu_0", "pytorch")
    assert found["libuv"].version == "1.40.0"


def test_what_will_be_installed_says_more_than_what_will_be_downloaded():
    found = packages(
        read_text(
            "The following packages will be downloaded:\n\n    pytorch-2.1.0   |  py3.10_cpu_0   10 MB\n\n"
            "The following NEW packages will be INSTALLED:\n\n  pytorch            pytorch/linux-64::pytorch-2.1.0-py3.10_cpu_0\n"
        )
    )
    assert found["torch"].channel == "pytorch"
