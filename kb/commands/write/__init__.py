"""Commands that write lessons and lead them through life."""
