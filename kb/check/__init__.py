"""Checks on lessons: rules, what they find, and what mends it."""
