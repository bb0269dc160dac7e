"""Doors to this room: the public calendar, a person's spot, the office."""
