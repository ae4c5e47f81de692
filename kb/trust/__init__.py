"""Whether files that may come with a clone may be believed."""
