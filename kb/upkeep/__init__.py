"""The status of the index, rollback to an earlier snapshot, and removal of what nothing refers to any more."""
