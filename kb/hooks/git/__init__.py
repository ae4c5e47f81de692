"""A repository of git in which people work: its branch, and the messages of its commits."""
