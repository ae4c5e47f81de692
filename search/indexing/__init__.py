"""The files of a library's indexes: opened, written, checked for damage. Another engine is plugged in here."""
