"""The life cycle of a lesson: it is validated, reviewed, superseded, retired."""
