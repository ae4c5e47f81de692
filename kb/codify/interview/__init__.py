"""The interview: its questions, and where the answers are written."""
