"""What the product is measured with: metrics over files of real material."""
