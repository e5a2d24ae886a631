"""The language a text is written in."""

import pytest

from extract import language
from extract.language import detect_language


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The minister said on Monday that the bridge would be closed until autumn."),
        ("en", "Bridge closed until autumn"),
        ("ru", "Министр сообщил в понедельник, что мост закроют до осени."),
        ("ru", "Мост закрыли"),
        ("ru", "Поправка отменена навсегда"),
        ("az", "Nazir bazar ertəsi bildirib ki, körpü payıza qədər bağlı qalacaq."),
        ("az", "Körpü bağlandı, nazir cavab verdi: gəlin gözləyək"),
        ("az", "Düzəliş ləğv edildi"),
        ("tr", "Bakan pazartesi günü köprünün sonbahara kadar kapalı kalacağını söyledi."),
        ("tr", "Değişiklik iptal edildi"),
        ("hy", "Նախարարը երկուշաբթի հայտնել է, որ կամուրջը փակ կլինի մինչև աշուն։"),
        ("hy", "Կամուրջը փակ է"),
        ("de", "Der Minister sagte am Montag, dass die Brücke bis zum Herbst geschlossen bleibt."),
        ("fr", "Le ministre a déclaré lundi que le pont resterait fermé jusqu'à l'automne."),
        ("uk", "Міністр повідомив у понеділок, що міст буде зачинено до осені."),
        ("bg", "Министърът съобщи в понеделник, че мостът ще бъде затворен до есента."),
        ("ka", "მინისტრმა ორშაბათს განაცხადა, რომ ხიდი შემოდგომამდე დაიხურება."),
    ],
)
def test_language(lang: str, text: str) -> None:
    """Sentences and headlines are told apart, close relatives among them."""
    assert detect_language(text) == lang


@pytest.mark.parametrize("text", ["", "   ", "907", "12.05.2024 – 13:00", "ok"])
def test_too_little_text(text: str) -> None:
    """Where there is next to no text, no language is claimed."""
    assert detect_language(text) is None


def test_foreign_name_decides_nothing() -> None:
    """A name spelt with ə in a long English text leaves it English."""
    text = "The minister met Əliyev on Monday and spoke about the bridge that is closed. " * 4

    assert detect_language(text) == "en"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            "en",
            "The minister said on Monday that the bridge, which was built by the state in the "
            "years of the war, would be closed for repairs and that the work has been planned "
            "with care, but it is not known when they will begin. ",
        ),
        (
            "tr",
            "Bakan pazartesi günü yaptığı açıklamada, köprünün sonbahara kadar kapalı kalacağını "
            "ve çalışmaların yakında başlayacağını söyledi. Washington ise yorum yapmadı. ",
        ),
    ],
)
def test_plain_texts_need_no_classifier(
    lang: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What letters and small words leave no doubt of is not asked of the classifier, and agrees."""
    asked = detect_language(f"{text} Անի")
    monkeypatch.setattr(language, "_classified", lambda sample: "xx")

    assert lang == asked == detect_language(text)
    assert detect_language(f"{text} Անի") == "xx"


@pytest.mark.parametrize(
    "text",
    [
        "Qırımtatar halqınıñ tarihı ve medeniyeti aqqında kitap neşir etildi, dedi nazir bugün.",
        "Le ministre a dit que the bridge, the road and the tunnel of the state is for sale.",
        "De minister zei dat de brug was gesloten in het voorjaar, of in de zomer; het is de wet. "
        * 5,
    ],
)
def test_a_few_words_are_not_plain(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Close relatives and borrowed words are left to the classifier."""
    monkeypatch.setattr(language, "_classified", lambda sample: "xx")

    assert detect_language(text) == "xx"
