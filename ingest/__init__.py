"""From files to lessons and passages: find, compare, parse, split. Knows no index."""
