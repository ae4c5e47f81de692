"""Lists of gaps that several people share through git, so that no word shows that fewer than three of them asked."""
