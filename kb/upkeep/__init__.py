"""Looking after a knowledge base: the check-up and its repairs, the step back, and what nothing names any more."""
