"""Replies to CPPCC proposals and NPC suggestions; stands on workforce and ratings."""
