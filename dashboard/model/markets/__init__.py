"""Markets abroad: which to look at first, how large they are, and what both borders ask of a parcel.

`ranking` weighs criteria and says how sure the order is; `sizing` multiplies a chain of factors with their ranges;
`regime` says by which procedure a parcel leaves Korea; `landed` says what the destination's border does with it, and at which
value either changes. Like the threshold model they read nothing, and draw only from a generator that is passed in.
"""
