"""Storyboard: views of other pages in the order in which they are told; presented, saved, loaded and taken along."""

from dashboard import address, frame, session
from dashboard.panels import story

words = session.words()
_ = words.gettext
frame.title(
    _("Storyboard"),
    _(
        "Charts and tables of any page in the order in which you tell them, with a title and a note for each: present them full screen, "
        "or take them along as slides. “Add to storyboard” stands under every chart and table."
    ),
)

offered = {session.OWN_STORYBOARD: _("your own"), story.EXAMPLE: _("example")}
name = address.segments(_("Show"), list(offered), "story", offered.__getitem__)
story.load(name)
board = story.arrange(name)
if not board.views:
    raise frame.NothingToDrawError
story.take_along(board)
