"""`kb new --ask`: one question after the other, each answer in the file before the next, and nothing else changed."""
