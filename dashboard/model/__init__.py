"""The threshold model: numbers in, numbers out; the standard library, numpy and scipy only."""
