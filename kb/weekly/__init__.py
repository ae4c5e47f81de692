"""The keeper's page: once a week, all that somebody must know or do."""
