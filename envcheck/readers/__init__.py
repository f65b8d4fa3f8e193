"""Pasted reports and saved files, read into evidence."""
