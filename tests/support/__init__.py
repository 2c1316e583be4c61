"""What tests share: builders, stand-ins, clients."""
