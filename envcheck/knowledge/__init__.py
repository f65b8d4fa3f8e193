"""Compatibility facts that rules look up, each with source, date and confidence."""

from envcheck.knowledge.tables_date import TABLES_DATE as TABLES_DATE
