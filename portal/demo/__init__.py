"""The demonstration: real divisions and census of Tianjin, an invented roster, and one account per role."""
