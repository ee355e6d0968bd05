"""Safekeeping: the whole portal as a folder, back from it, and personal data under a new key."""
