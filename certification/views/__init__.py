"""Doors: the person's file, the office, the Board and the Director, the public."""
