"""Two borders: what Korea and the destination ask of a parcel, what changed for it, and what changes next."""

from dashboard import address, frame, session
from dashboard.panels import borders

words = session.words()
_ = words.gettext
frame.title(
    _("Two borders"),
    _(
        "A parcel crosses two borders: Korea’s limits decide how it is declared, the destination’s thresholds whether duty and tax are due. "
        "Both depend on its value and on the day."
    ),
)

shown = borders.panels(words)
chosen = address.segments(_("Show"), list(shown), "borders", lambda code: shown[code][0])
shown[chosen][1]()
