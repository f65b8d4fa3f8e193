"""What devices TensorFlow can compute on, by the names that envcheck gives to devices: "cpu", "cuda:0" (ROCm's as well), "mps"."""

import sys


def list_devices(tf, wanted):
    """The devices of that kind, or of all kinds for "auto", the CPU first."""
    gpus = tf.config.list_physical_devices("GPU")
    kind = "mps" if sys.platform == "darwin" else "cuda"
    found = ["cpu"] if wanted in ("auto", "cpu") else []
    if wanted in ("auto", kind):
        found.extend(["mps"] if kind == "mps" and gpus else ["cuda:{}".format(number) for number in range(len(gpus))])
    if wanted == "cpu" and gpus:
        tf.config.set_visible_devices([], "GPU")  # what is wrong with a card is no matter of this test
    return found


def take_memory_as_needed(tf):
    """Before any device has been used: by default TensorFlow takes all the memory of every card."""
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)  # noqa: FBT003 - its own signature


def placed(tf, name):
    """The context in which everything is done on that device, and an error raised where it cannot be."""
    tf.config.set_soft_device_placement(False)  # noqa: FBT003 - its own signature
    return tf.device(_of_tensorflow(name))


def others_of_its_kind(tf, name):
    kind = name.partition(":")[0]
    number = int(name.partition(":")[2] or 0)
    count = len(tf.config.list_logical_devices("CPU" if kind == "cpu" else "GPU"))
    return ["{}:{}".format(kind, other) for other in range(count) if other != number]


def _of_tensorflow(name):
    kind, _, number = name.partition(":")
    return "/{}:{}".format("CPU" if kind == "cpu" else "GPU", number or 0)
