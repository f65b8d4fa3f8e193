"""Google's TPUs: the chips on the PCI bus of a TPU VM, or its device nodes, or what its environment says.

Up to v4 the nodes are /dev/accel0 and following; newer ones are used through /dev/vfio. Other makers' nodes are in /dev/accel/.
"""

# What a TPU VM, a notebook of Colab or a Kubernetes node pool tells of the slice; which of them names its kind.
VARIABLES = ("TPU_ACCELERATOR_TYPE", "ACCELERATOR_TYPE", "COLAB_TPU_ADDR", "TPU_NAME", "TPU_WORKER_ID", "TPU_WORKER_HOSTNAMES")
_KINDS = VARIABLES[:2]


def is_node(path):
    """Whether a device node is that of a TPU; vfio's are anybody's."""
    return path.startswith("/dev/accel") and path[len("/dev/accel") :].isdigit()


def tell_chips(channel, chips, nodes, variables):
    """The states of the chips on the bus; without any of them, what nodes and environment tell."""
    own = sorted(path for path in nodes if is_node(path) or path.startswith("/dev/vfio/"))
    if chips:
        state = _state([nodes[path] for path in own], has_driver=any(chip["driver"] for chip in chips))
        for chip in chips:
            told = {"state": state, **({"visible": False} if state == "hidden" else {})}
            channel.fact("accelerators[" + chip["pci_address"] + "]", told, "/dev")
        return
    kind = next((variables[name] for name in _KINDS if variables.get(name)), None)
    card = {"vendor": "google", "backend": "tpu", **({"name": "TPU " + kind} if kind else {})}
    found = [path for path in own if is_node(path)]
    for number, path in enumerate(found):
        channel.fact("accelerators[google:%d]" % number, {**card, "state": "ok" if nodes[path].accessible else "denied"}, path)
    source = next((name for name in VARIABLES[:3] if variables.get(name)), None)
    if not found and source is not None:
        away = {} if source == "COLAB_TPU_ADDR" else {"state": "hidden", "visible": False}  # that one is reached by network
        channel.fact("accelerators[google:0]", {**card, **away}, source)


def _state(nodes, has_driver):
    if not nodes:
        return "hidden" if has_driver else "no-driver"
    return "ok" if any(node.accessible for node in nodes) else "denied"
