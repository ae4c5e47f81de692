"""`kb search`: what it prints, where, and with which exit code."""
