"""The report in every format; nothing here decides anything."""
