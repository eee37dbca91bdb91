"""Above the simulator: what a followed link showed, where today's answer is another one, and why."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import address, cached, claims, frame, receipts, scenarios, session
from dashboard.answers import claimed
from dashboard.panels.run import Run
from dashboard.scenarios import Scenario

_FOLLOWED = "link followed"


def follow(scenario: Scenario) -> None:
    """Note which question a link claims to have answered: the scenario with which it came. Right behind its controls."""
    codes, state = address.carried(claims.NAMES), st.session_state
    if codes and state.get(_FOLLOWED, (None,))[0] != codes:
        # What could not be followed makes it another question from the start; the language is no part of it.
        lost = {name for name, _code in address.ignored()} - {"lang"}
        state[_FOLLOWED] = (codes, scenarios.write(scenario), not lost)


def says(run: Run) -> None:
    """Have every link to this answer say what it shows."""
    session.claims(claims.of(run.asked, cached.assumption_rows()).codes())


def show(run: Run, place: DeltaGenerator) -> None:
    """Hold the link's claim against the answer in `place`, as long as the reader asks what the link asked.

    What claims to be what no answer can be stays unasked for, so the page says that it was not followed.
    """
    _ = run.words.gettext
    codes, versions = address.carried(claims.NAMES), address.versions()
    claim = claims.read(codes)
    if claim is None or len(versions) < len(session.marks()):
        return
    session.accounts_for_versions()
    _codes, scenario, is_whole = st.session_state[_FOLLOWED]
    if scenarios.write(run.scenario) != scenario:
        address.leave_behind(claims.NAMES)
        return
    address.carry_on(codes)
    then = receipts.Version(**versions)
    with place:
        if not is_whole:
            _of_another_question(claim, then, run)
        elif claim.says_the_same(claims.of(run.asked, cached.assumption_rows())):
            if said := claimed.same(then, run.modelled):
                st.caption(frame.safe(said))
        else:
            account = cached.account(run.scenario, claim)
            with st.container(border=True, key="then-and-now"):
                frame.statements(
                    claimed.heading(account, then, run.modelled),
                    claimed.told(account, then, run.modelled),
                    "then-and-now",
                )
                st.caption(_("Each number is rounded by itself, so sums may be off in the last digit."))


def _of_another_question(claim: claims.Claim, then: receipts.Version, run: Run) -> None:
    _ = run.words.gettext
    said = [
        claimed.then_statement(claim, then, run.modelled),
        receipts.Statement(
            _(
                "Some of the link’s choices do not exist here any more, so what stands below answers another question."
            ),
            (),
        ),
    ]
    with st.container(border=True, key="then-and-now"):
        frame.statements("", said, "then-and-now")
