"""The pure way from facts and requirements to a report."""
