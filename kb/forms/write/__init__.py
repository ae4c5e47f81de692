"""What commands and tools that write answer."""
