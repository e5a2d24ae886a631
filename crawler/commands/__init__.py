"""The commands, one module each; every module registers its own with ``register(app)``."""
