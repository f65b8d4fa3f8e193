"""The PCI bus and the names of what is on it."""
