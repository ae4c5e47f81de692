"""The forms of all JSON that `kb` prints, as types: what a command promises to a program."""
