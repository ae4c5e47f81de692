"""The lessons as they are on disk now, for those that check and change them."""
