"""Containers and batch jobs, as files and command lines show them."""
