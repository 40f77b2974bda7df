"""Controllers of the main screen: each handles the commands and messages of one area."""
