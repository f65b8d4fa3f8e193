"""The day on which the tables were last brought up to date; written by tools/build_tables.py."""

TABLES_DATE = "2026-11-21"
