"""The requests that write: uses of lessons and drafts; who may send them."""
