from envcheck.parsers.pci.labelled_gpus import CONTAINER_CLI, LSHW, UBUNTU_DRIVERS, parse_labelled_gpus, parse_modalias


def test_records_of_three_tools() -> None:
    text = """NVRM version:   535.104.05
CUDA version:   12.2

Device Index:   0
Model:          NVIDIA GeForce RTX 3090
Bus Location:   00000000:01:00.0

== /sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0 ==
vendor   : NVIDIA Corporation
driver   : nvidia-driver-535 - distro non-free recommended
driver   : nvidia-driver-470 - distro non-free
  *-display UNCLAIMED
       product: GA102 [GeForce RTX 3090]
       bus info: pci@0000:01:00.0
"""
    head, device, ubuntu, lshw = parse_labelled_gpus(text.split("\n"))
    assert (head.tool, head.fields) == (CONTAINER_CLI, {"NVRM version": "535.104.05", "CUDA version": "12.2"})
    assert device.fields["Model"] == "NVIDIA GeForce RTX 3090"
    assert (ubuntu.tool, ubuntu.fields["address"]) == (UBUNTU_DRIVERS, "0000:01:00.0")
    assert (lshw.tool, lshw.fields["unclaimed"]) == (LSHW, "yes")


def test_labels_alone_are_somebody_elses() -> None:
    assert parse_labelled_gpus(["Model: llama", "Architecture: x86_64", "CUDA version: 12.2"]) == []


def test_modalias() -> None:
    assert parse_modalias("pci:v000010DEd00002204sv00001458sd0000403Bbc03sc00i00") == ("10de:2204", 3)
    assert parse_modalias("usb:x") is None
