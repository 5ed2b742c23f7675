"""The Sources screen: endpoints and files with their health, and the gaps they left."""
