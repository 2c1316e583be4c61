"""How fast a delivery is kept, and whether one that was acknowledged can be lost."""
