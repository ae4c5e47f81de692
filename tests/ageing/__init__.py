"""`kb stale`: what grew old, who looks after it, and what to do."""
