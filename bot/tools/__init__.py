"""What people and agents call."""
