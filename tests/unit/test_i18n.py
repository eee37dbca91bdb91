import pytest

from dashboard import i18n
from dashboard.i18n import LANGUAGES, Lang, Words, settle_particles, words_for
from dashboard.receipts import Number, Version, derived


def test_english_is_the_message_itself_and_korean_its_translation() -> None:
    assert words_for("en").gettext("Publisher") == "Publisher"
    assert words_for("ko").gettext("Publisher") == "발표 기관"


def test_what_has_no_translation_stays_english() -> None:
    assert words_for("ko").gettext("nobody wrote this") == "nobody wrote this"


def test_the_header_of_the_catalogue_is_no_message() -> None:
    assert words_for("ko").gettext("") == ""


def test_counting_has_two_forms_in_english_and_one_in_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    translations: dict[Lang, dict[str, str]] = {"en": {}, "ko": {"{n} source": "출처 {n}건"}}
    monkeypatch.setattr(i18n, "_messages", translations.__getitem__)
    for n, english in ((0, "{n} sources"), (1, "{n} source"), (2, "{n} sources")):
        assert Words("en").ngettext("{n} source", "{n} sources", n) == english
        assert Words("ko").ngettext("{n} source", "{n} sources", n) == "출처 {n}건"


def test_a_fuzzy_or_empty_translation_is_none(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("locales") / "ko" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    entries = (
        '#, fuzzy\nmsgid "one"\nmsgstr "하나"\n\nmsgid "two"\nmsgstr ""\n\nmsgid "three"\nmsgstr "셋"\n\n'
        'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n}일"\n\n#~ msgid "four"\n#~ msgstr "넷"\n'
    )
    (folder / "dashboard.po").write_text(header + entries, encoding="utf-8")
    monkeypatch.setattr(i18n, "LOCALES", folder.parent.parent)
    assert i18n._messages.__wrapped__("ko") == {"three": "셋", "{n} day": "{n}일"}


@pytest.mark.parametrize("lang", ["fr", "", "KO"])
def test_a_language_without_a_catalogue_is_refused(lang: Lang) -> None:
    with pytest.raises(ValueError, match="no such language"):
        words_for(lang)


def test_words_are_one_a_language_and_key_a_cache() -> None:
    assert words_for("ko") is words_for("ko")
    assert {Words(lang) for lang in LANGUAGES} == {words_for(lang) for lang in LANGUAGES}


def test_filling_a_message_settles_the_particles() -> None:
    ko, en = words_for("ko"), words_for("en")
    assert ko.fill("{place}은(는) {share}를 차지", place="일본", share="36.8%") == "일본은 36.8%를 차지"
    assert (
        ko.fill("{place}이(가) 늘고 {sum}을(를) 넘음", place="미국", sum="4조 원")
        == "미국이 늘고 4조 원을 넘음"
    )
    assert ko.fill("{a}과(와) {b}, {limit}(으)로", a="대만", b="태국", limit="2") == "대만과 태국, 2로"
    assert en.fill("{place} leads", place="Japan") == "Japan leads"
    assert en.fill("of 은(는)") == "of 은(는)"


def test_a_number_fills_a_message_with_its_text() -> None:
    receipt = derived("sum", 3.0, "cases", "1 + 2", [], Version("d", "m"))
    assert words_for("ko").fill("{n}이(가) 늚", n=Number("3건", receipt)) == "3건이 늚"


@pytest.mark.parametrize("bare", [1, 2.5, True])
def test_a_bare_number_fills_nothing(bare: float) -> None:
    with pytest.raises(TypeError, match="bare number"):
        words_for("en").fill("{n} cases", n=bare)


def test_a_message_formats_nothing() -> None:
    with pytest.raises(TypeError, match="formats no numbers"):
        words_for("en").fill("{n:.1f} cases", n="1")


def test_text_without_open_particles_is_left_alone() -> None:
    assert (
        settle_particles("목록통관(2021) 이상과 이하, 수출(은행)") == "목록통관(2021) 이상과 이하, 수출(은행)"
    )
