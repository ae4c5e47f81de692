"""Comments on GitHub: the event that started a workflow, and the REST API."""
