"""Roster, posts, contracts, certificates and the staffing figures that follow from them."""
