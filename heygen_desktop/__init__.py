"""HeyGen Desktop: the offline AI workstation."""

__version__ = "0.1.0"
