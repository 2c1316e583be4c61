"""What several features begin with."""
