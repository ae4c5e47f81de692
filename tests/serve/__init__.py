"""`kb serve`, in a process of its own, and `kb search`, which asks it."""
