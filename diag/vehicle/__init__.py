"""Facts about cars as data: profiles, which car is at hand, and fault codes in words."""
