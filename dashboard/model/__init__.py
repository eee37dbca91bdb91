"""The threshold model: numbers in, numbers out.

It answers one question: how many e-commerce export shipments a year newly qualify for the simplified
declaration when its limit moves, and how sure one can be. It reads no file, clock or environment, and
draws random numbers only from a generator that is passed in. Money is KRW (FOB) unless a name says otherwise,
shares are fractions between 0 and 1, cases are declarations or list clearances a year.

families -> population -> priors -> simulate is the way of a number; bounds stands apart and assumes nothing
of it; sensitivity, behaviour, burden and backtest read what simulate returns. bunching and fit
start from counts by value: what people did about a limit, and what a sample teaches the priors.
"""
