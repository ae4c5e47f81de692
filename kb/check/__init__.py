"""Checks on lessons: rules, findings, and fixes."""
