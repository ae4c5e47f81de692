"""The face and the joint: configuration, the object that joins ingest and search, and the command line."""

__version__ = "0.1.0"
