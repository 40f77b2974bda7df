"""Requests, time and memory of synchronisation, beside rclone; long runs of its histories."""
