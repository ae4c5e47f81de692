"""Tests that a new snapshot must pass before it is published."""
