"""envcheck: a doctor for machine-learning environments."""

__version__ = "0.1.0"
