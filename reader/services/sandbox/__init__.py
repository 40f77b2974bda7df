"""Child processes with limits, in which hostile pages and images are parsed."""
