"""Remedies, computed for the machine."""
