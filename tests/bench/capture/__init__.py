"""How fast a queue of links comes home, beside fetching one after another with the stock chain."""
