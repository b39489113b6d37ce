"""Stand-ins for the networks, on loopback, that refuse what the real ones refuse."""
