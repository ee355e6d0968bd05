"""Official letters: what they say, frozen with their number; laid out as Word file and PDF by GB/T 9704-2012."""
