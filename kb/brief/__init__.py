"""One page on a problem: what others did about it, with what result, and whom to ask."""
