"""Your shipments: a reader's own file in, exact counts for any two limits out."""

from dashboard import address, frame, session
from dashboard.panels import own_answer, own_borders, own_file, own_more

_ = session.words().gettext
frame.title(
    _("Your shipments"),
    _(
        "With a list of shipments nothing is modelled: how many newly qualify when the limit moves is a count, for any two limits."
    ),
)

taken = own_file.choose()
counted = own_answer.count(taken)
own_answer.headline(counted)

panels = {
    "answer": (_("Count"), lambda: own_answer.show(counted)),
    "borders": (_("Two borders"), lambda: own_borders.show(counted)),
    "saving": (_("Paperwork saved"), lambda: own_more.saved(counted)),
    "bunching": (_("Bunching"), lambda: own_more.bunching(counted)),
    "file": (_("The file"), lambda: own_file.recognised(taken)),
}
chosen = address.segments(_("Show"), list(panels), "part", lambda code: panels[code][0])
panels[chosen][1]()
own_more.downloads(counted)
