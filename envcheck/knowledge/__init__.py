"""Compatibility facts that rules look up, each with source, date and confidence."""

TABLES_DATE = "2026-11-21"
