"""Markets: which destinations suit what a seller sells, how sure that is, how large they are, and on what it rests."""

from dashboard import address, frame, session
from dashboard.panels import markets

words = session.words()
_ = words.gettext
frame.title(
    _("Export markets"),
    _(
        "Say what you sell, what a parcel is worth and what matters most: the page ranks the destinations, says why, and how sure it is. "
        "Every figure carries its source, its period and a grade."
    ),
)

choices = markets.choose(words)
shown = markets.panels(words)
chosen = address.segments(_("Show"), list(shown), "markets", lambda code: shown[code][0])
shown[chosen][1](choices)
