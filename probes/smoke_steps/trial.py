"""One smoke test on one device: which layer it is in, what it compared, and how it came out.

Layers, in their order; a test passes through those that its framework has:
found, imported, devices, tensor, computed, compared, gradient, copied, compiled (slow), several (several devices or processes).
"""

import time

from envcheck_probes.smoke_steps.comparison import compare
from envcheck_probes.smoke_steps.watching import alive_while_importing

LAYERS = ("found", "imported", "devices", "tensor", "computed", "compared", "gradient", "copied", "compiled", "several")
# What a test may take of a card's memory, unless more was asked for.
CARD_BYTES = 64 * 2**20


class NotEvaluated(Exception):
    """The test cannot be made here, which is no failure of the framework: a card that is busy, a part that is not installed."""


class NotThere(Exception):
    """A program that is tested, and is no package of Python's, is not on this machine."""


class Trial:
    """What a smoke test is given, and what it tells.

    `framework` is the imported module, `device` the name of what it computes on ("cpu", "cuda:0", "mps"), `slow` whether the layers that
    take long were asked for, `card_bytes` what may be taken of a card, `folder` an empty folder for what the test has to write.
    """

    def __init__(self, channel, name, framework, device, seconds, slow=False, card_bytes=CARD_BYTES, folder=""):
        self.name = name
        self.framework = framework
        self.device = device
        self.slow = slow
        self.card_bytes = card_bytes
        self.folder = folder
        self.compared = []
        self.notes = {}
        self._channel = channel
        self._seconds = seconds
        self._layers = []
        self._began = None

    def layer(self, name):
        """Says that this layer begins; the one before has held."""
        if name not in LAYERS:
            raise ValueError(name)
        self._end_layer()
        self._layers.append([name, 0.0])
        self._began = time.perf_counter()
        self._tell(name)

    def imports(self, *names):
        """Imports modules that the framework's package does not import by itself: still the layer "imported"."""
        self.layer("imported")
        for name in names:
            self.doing("importing " + name)
            with alive_while_importing(self._channel, self._seconds):
                __import__(name)

    def doing(self, words):
        """Says what is done within the layer ("starting the JVM"): progress for whoever waits, and the place of a hang."""
        self._tell(self.reached + ", " + words)

    def expect(self, what, got, expected, rtol=0.0, atol=0.0):
        """Holds a result against the truth: `what` names it ("matmul float32"). Raises `WrongResult`; see comparison.compare."""
        compare(what, got, expected, rtol, atol)
        self.compared.append(what)

    def note(self, name, value):
        """A word for the report: `note("provider", "CPUExecutionProvider")`."""
        self.notes[name] = str(value)

    @property
    def reached(self):
        """The layer that the test is in."""
        return self._layers[-1][0] if self._layers else ""

    def end(self):
        """The layers with their seconds, the last one ended."""
        self._end_layer()
        return [{"name": name, "seconds": round(seconds, 4)} for name, seconds in self._layers]

    def _tell(self, words):
        """The deadline begins anew: a test that gets on is slow, and not dead."""
        self._channel.deadline(self._seconds)
        self._channel.stage("testing {} on {}: {}".format(self.name, self.device, words))

    def _end_layer(self):
        if self._began is not None:
            self._layers[-1][1] += time.perf_counter() - self._began
            self._began = None
