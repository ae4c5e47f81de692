"""`kb digest`: what is new in a library, for everybody or for one reader, as text, page, feed or mail."""
