"""Whole user jobs as plain functions; clock, progress and cancel checks come in as arguments."""
