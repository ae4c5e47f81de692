"""Lessons at decision points: issues, pull requests, commit messages, alerts."""
