"""Star ratings of villages and communities; stands on workforce."""
