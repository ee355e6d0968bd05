"""Periodic reports: figures of a place as of the end of a period, frozen, signed off by a person, kept as published."""
