"""The keeper's page."""
