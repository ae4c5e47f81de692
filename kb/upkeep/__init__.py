"""How the index stands, the step back to an earlier one, and what nothing names any more."""
