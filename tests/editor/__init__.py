"""What an editor shows of a lesson while it is being written."""
