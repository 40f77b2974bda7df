"""Small questions over the screen: they return a value and change nothing."""
