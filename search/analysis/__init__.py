"""How texts become terms, of lessons and of queries alike."""
