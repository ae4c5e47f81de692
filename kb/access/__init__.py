"""Who may ask a server that is reachable from elsewhere: tokens, of which only digests are stored."""
