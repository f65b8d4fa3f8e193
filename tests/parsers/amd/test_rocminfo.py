from envcheck.parsers.amd.rocminfo import address_of, parse_rocminfo

AGENTS = """
WSL environment detected.
ROCk module version 6.10.5 is loaded
*******
Agent 1
*******
  Name:                    AMD Ryzen 9 7950X
  Uuid:                    CPU-XX
  Device Type:             CPU
*******
Agent 2
*******
  Name:                    gfx1100
  Uuid:                    GPU-5c88007d2c2aae85
  Marketing Name:          AMD Radeon RX 7900 XTX
  Device Type:             GPU
  Chip ID:                 29772(0x744c)
  BDFID:                   768
  Compute Unit:            96
  Pool Info:
    Pool 1
      Segment:                 GLOBAL; FLAGS: COARSE GRAINED
      Size:                    25149440(0x17fc000) KB
    Pool 2
      Segment:                 GROUP
      Size:                    64(0x40) KB
  ISA Info:
    ISA 1
      Name:                    amdgcn-amd-amdhsa--gfx1100
    ISA 2
      Name:                    amdgcn-amd-amdhsa--gfx11-generic
*******
Agent 3
*******
  Name:                    gfx1036
  Uuid:                    GPU-XX
  Marketing Name:          AMD Radeon Graphics
  Device Type:             GPU
  BDFID:                   4096
*** Done ***
  Name:                    not an agent's
"""


def test_agents_of_every_sort():
    info = parse_rocminfo(AGENTS.split("\n"))
    assert [agent.is_gpu for agent in info.agents] == [False, True, True]
    card, graphics = (agent.fields for agent in info.gpus)
    assert card == {
        "architecture": "gfx1100",
        "name": "AMD Radeon RX 7900 XTX",
        "uuid": "GPU-5c88007d2c2aae85",
        "pci_id": "1002:744c",
        "pci_address": "0000:03:00.0",
        "compute_units": 96,
        "memory_bytes": 25149440 * 1024,
    }
    assert graphics["architecture"] == "gfx1036"
    assert "uuid" not in graphics
    assert (info.module_loaded, info.module_version, info.wsl_line >= 0) == (True, "6.10.5", True)


def test_a_cut_one_gives_what_is_left():
    cut = AGENTS[: AGENTS.index("Chip ID")]
    (card,) = parse_rocminfo(cut.split("\n")).gpus
    assert card.fields["name"] == "AMD Radeon RX 7900 XTX"
    (by_target,) = parse_rocminfo(AGENTS[: AGENTS.index("  Device Type:             GPU")].split("\n")).gpus
    assert by_target.fields["architecture"] == "gfx1100"
    assert parse_rocminfo(["Agent 1", "*******", "  Name:  AMD Ryzen 7 1700 Eight-Core Processor"]).gpus == []


def test_a_module_that_is_not_loaded():
    info = parse_rocminfo(["ROCk module is NOT loaded, possibly no GPU devices"])
    assert (info.module_loaded, info.agents) == (False, [])


def test_two_cards_at_the_same_place_are_in_domains_that_it_does_not_tell():
    block = "Agent {}\n*******\n  Name:   gfx942\n  Device Type:   GPU\n  BDFID:   256\n"
    cards = parse_rocminfo((block.format(2) + "*******\n" + block.format(3)).split("\n")).gpus
    assert [card.fields for card in cards] == [{"architecture": "gfx942", "name": "gfx942"}] * 2


def test_an_address():
    assert address_of(0, 9728) == "0000:26:00.0"
    assert address_of(2, 0x0A0B) == "0002:0a:01.3"
