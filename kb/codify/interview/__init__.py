"""The interview: what is asked, and where the answers go."""
