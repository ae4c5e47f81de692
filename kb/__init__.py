"""The application: configuration, the knowledge base that combines ingest and search, and the command line."""

__version__ = "0.1.0"
