"""What programs say when something is wrong, turned into symptoms: one parser for live children and for pasted text."""

from envcheck.messages.parse import parse_message

__all__ = ["parse_message"]
