"""Roundings of the machine (models/arithmetic/README.md)."""


def rounded(value, shift):
    """Halves go up."""
    return (value + (1 << shift >> 1)) >> shift


def clamped(value, low, high):
    return max(low, min(high, value))


def wrapped(value):
    """To 32 bits."""
    return (value + 2**31) % 2**32 - 2**31
