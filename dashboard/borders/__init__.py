"""What the Two borders page says: a basket between Korea's limits and the destination's, a parcel through time, rules ahead."""
