"""What a followed link showed, what the same question gives now, and what the difference comes from."""

from dashboard import formats, receipts
from dashboard.answers.core import Modelled
from dashboard.claims import Account, Claim, Moved
from dashboard.i18n import Words
from dashboard.model.priors import Assumption
from dashboard.receipts import Number, Statement, Version

_MOST_NAMED = 5
# Whole cases, so that a reader finds the link's own number again; the interval around them says how much they are worth.
_MOST_DIGITS, _LEAST_DIGITS = 5, 2


def heading(account: Account, then: Version, modelled: Modelled) -> str:
    """The finding: both medians, and whether the newer one lies where the link said that it might."""
    _ = modelled.words.gettext
    link = account.then
    message = _("This link showed {then}; now it is {now}, outside the link’s 90% interval")
    if link.p05 <= account.now.p50 <= link.p95:
        message = _("This link showed {then}; now it is {now}, inside the link’s 90% interval")
    return modelled.words.fill(
        message,
        then=_as_linked(_("Median"), link.p50, "cases", then, modelled),
        now=_today(_("Median"), account.now.p50, modelled),
    )


def told(account: Account, then: Version, modelled: Modelled) -> list[Statement]:
    """Both answers with their intervals and versions, then where the difference of the medians comes from; parts add up."""
    return [
        then_statement(account.then, then, modelled),
        _now(account, modelled),
        _figures(account, then, modelled),
        *([_unknown(account, modelled)] if account.assumed is None else _known(account, then, modelled)),
    ]


def then_statement(claim: Claim, then: Version, modelled: Modelled) -> Statement:
    """The link's answer, as the link says it."""
    _ = modelled.words.gettext
    quantiles = {_("5%"): claim.p05, _("Median"): claim.p50, _("95%"): claim.p95}
    low, middle, high = (
        _as_linked(name, value, "cases", then, modelled) for name, value in quantiles.items()
    )
    text = modelled.words.fill(
        _(
            "When the link was made: {middle} a year ({interval}), data version {data}, model version {model}."
        ),
        middle=middle,
        interval=_interval(low, high, modelled.words),
        data=then.data,
        model=then.model,
    )
    return Statement(text, (low, middle, high))


def same(then: Version, modelled: Modelled) -> str:
    """Say that nothing changed but versions; empty where these did not either."""
    words, now = modelled.words, modelled.evidence.version
    _ = words.gettext
    if then == now:
        return ""
    return words.fill(
        _(
            "The numbers are those that this link showed with data version {data}, model version {model}; "
            "these are now {data_now} and {model_now}."
        ),
        data=then.data,
        model=then.model,
        data_now=now.data,
        model_now=now.model,
    )


def _now(account: Account, modelled: Modelled) -> Statement:
    _ = modelled.words.gettext
    now, version = account.now, modelled.evidence.version
    quantiles = {_("5%"): now.p05, _("Median"): now.p50, _("95%"): now.p95}
    low, middle, high = (_today(name, value, modelled) for name, value in quantiles.items())
    difference = _part(
        _("Difference of the medians"),
        account.difference,
        _("median now − median of the link"),
        modelled,
    )
    text = modelled.words.fill(
        _(
            "Now: {middle} a year ({interval}), data version {data}, model version {model}. The median differs by {difference}:"
        ),
        middle=middle,
        interval=_interval(low, high, modelled.words),
        data=version.data,
        model=version.model,
        difference=difference,
    )
    return Statement(text, (low, middle, high, difference))


def _interval(low: Number, high: Number, words: Words) -> str:
    _ = words.gettext
    # English counts name their unit once
    first = low.text if words.lang == "ko" else low.text.removesuffix(" cases").removesuffix(" case")
    return words.fill(_("90% interval: {low} to {high}"), low=first, high=high)


def _figures(account: Account, then: Version, modelled: Modelled) -> Statement:
    words, evidence = modelled.words, modelled.evidence
    _ = words.gettext
    if account.is_same_base:
        return Statement(_("Nothing of it comes from the figures: the base is the same."), ())
    part = _part(
        _("From the figures"), account.figures, _("median now − median on the link’s figures"), modelled
    )
    cases, value = _("Shipments a year"), _("Their value a year (KRW)")
    base = {
        "cases_then": _as_linked(cases, account.then.base_cases, "cases", then, modelled),
        "value_then": _as_linked(value, account.then.base_value_krw, "KRW", then, modelled),
        "cases_now": evidence.derived(cases, account.now.base_cases, "cases", "", modelled.input_ids),
        "value_now": evidence.derived(value, account.now.base_value_krw, "KRW", "", modelled.input_ids),
    }
    text = words.fill(
        _(
            "{part} from the figures: the base was {cases_then} worth {value_then} a year, and is {cases_now} worth {value_now}."
        ),
        part=part,
        **base,
    )
    return Statement(text, (part, *base.values()))


def _known(account: Account, then: Version, modelled: Modelled) -> list[Statement]:
    """Assumptions and model apart: the link's assumptions are today's, or on record."""
    words = modelled.words
    _ = words.gettext
    first = _assumed(account, modelled)
    if not account.has_rest:
        return [first, Statement(_("Nothing of it comes from the model."), ())]
    part = _part(
        _("From the model"),
        account.rest,
        _("median with the link’s figures and assumptions − median of the link"),
        modelled,
    )
    text = _("{part} from the model.")
    if then.model == modelled.evidence.version.model:
        text = _(
            "{part} is left over, although the link was made with this version of the model: its address may have been edited."
        )
    return [first, Statement(words.fill(text, part=part), (part,))]


def _assumed(account: Account, modelled: Modelled) -> Statement:
    words = modelled.words
    _ = words.gettext
    if account.is_same_set:
        return Statement(_("Nothing of it comes from the assumptions: they are the same."), ())
    if not account.moved:
        return Statement(
            _("Nothing of it comes from the assumptions: those that changed do not touch this number."), ()
        )
    part = _part(
        _("From the assumptions"),
        account.assumed or 0.0,
        _("median on the link’s figures − median with its assumptions too"),
        modelled,
    )
    shown = account.moved[:_MOST_NAMED]
    named = [_moved(each, words) for each in shown]
    if len(account.moved) > _MOST_NAMED:
        named.append(_("and others"))
    centres = [_centre(row, modelled) for each in shown for row in (each.before, each.after) if row]
    text = words.fill(_("{part} from changed assumptions: {which}."), part=part, which="; ".join(named))
    return Statement(text, (part, *centres))


def _unknown(account: Account, modelled: Modelled) -> Statement:
    _ = modelled.words.gettext
    part = _part(
        _("From assumptions and model"),
        account.rest,
        _("median on the link’s figures − median of the link"),
        modelled,
    )
    text = _(
        "{part} from assumptions and model together: the assumptions of the link are not on record here."
    )
    return Statement(modelled.words.fill(text, part=part), (part,))


def _moved(moved: Moved, words: Words) -> str:
    """One assumption by its statement: how its centre moved, or that only its spread did."""
    _ = words.gettext
    before, after = moved.before, moved.after
    statements = [
        row.statement_ko if words.lang == "ko" else row.statement_en for row in (after, before) if row
    ]
    if before is None or after is None:
        return words.fill(_("{assumption} (not in both sets)"), assumption=statements[0])
    if before.centre == after.centre:
        return words.fill(_("{assumption} (its spread)"), assumption=statements[0])
    return words.fill(
        _("{assumption} ({before} → {after})"),
        assumption=statements[0],
        before=_centre_text(before, words),
        after=_centre_text(after, words),
    )


def _centre(row: Assumption, modelled: Modelled) -> Number:
    label = row.statement_ko if modelled.words.lang == "ko" else row.statement_en
    return modelled.evidence.derived(label, row.centre, "", "", significant=3, kind="assumed")


def _centre_text(row: Assumption, words: Words) -> str:
    return formats.amount(row.centre, "", words.lang, significant=3)


def _today(label: str, value: float, modelled: Modelled) -> Number:
    """A quantile of today's answer, to the case: set beside the link's, two digits would hide what changed."""
    receipt = modelled.number(label, value, "cases").receipt
    return receipts.number(value, "cases", modelled.words, receipt, significant=_digits(value))


def _part(label: str, value: float, formula: str, modelled: Modelled) -> Number:
    """A part of the difference, to the case."""
    return modelled.evidence.derived(
        label,
        value,
        "cases",
        formula,
        modelled.input_ids,
        kind="modelled",
        significant=_digits(value),
        signed=True,
    )


def _as_linked(label: str, value: float, unit: str, then: Version, modelled: Modelled) -> Number:
    """A number as the link says it: nothing but the address stands behind it."""
    words = modelled.words
    _ = words.gettext
    label = words.fill(_("{figure}, as the link says"), figure=label)
    formula = _("as the address says; not computed here")
    receipt = receipts.derived(label, value, unit, formula, (), then, kind="assumed")
    return receipts.number(value, unit, words, receipt, significant=_digits(value))


def _digits(value: float) -> int:
    return min(max(len(f"{abs(value):.0f}"), _LEAST_DIGITS), _MOST_DIGITS)
