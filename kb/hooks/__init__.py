"""The lessons where a problem is met: comments on issues and changes, commit messages, alerts."""
