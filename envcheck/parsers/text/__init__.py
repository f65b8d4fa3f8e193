"""Texts that people paste."""
