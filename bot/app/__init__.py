"""The one place where the parts meet; owns the clock."""
