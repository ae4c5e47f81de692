"""What grew old: lessons that somebody must look at again, and what to do."""
