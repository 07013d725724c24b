import pytest

from mecomp_desktop.library.legacy_text import decode_legacy, legacy_encoding

_CYRILLIC = (
    "Кино",
    "Группа крови",
    "ГРУППА КРОВИ",
    "Владимир Высоцкий",
    "Машина времени",
    "Песня о друге - Live",
    "Звезда по имени Солнце (1989)",
    "Океан Ельзи",
    "Обійми",
    "Щурците",
    "DJ Грув feat. МС",
    "Ёлка",
    "Подмосковные вечера",
)
_LATIN = (
    # German, French, Spanish, Portuguese, Italian
    "Die Ärzte",
    "Süßes Öl für größere Mädchen",
    "Übermäßig",
    "Ça plane pour moi",
    "Été à Sète",
    "Où êtes-vous passée, créée",
    "À l'été",
    "Señorita, ¿Qué pasó, mañana?",
    "Ñu",
    "Canção do avô",
    "Città più",
    # Nordic, Estonian
    "Björk",
    "Sigur Rós - Ágætis byrjun",
    "Blóðberg og góðæri",
    "Það er æði",
    "Ö",
    "ÅÄÖ",
    "Sånger från Öland",
    "Hääyöaie",
    "Jäääär öö",
    "Øystein Sunde på øya",
    "Röyksopp",
    # names that are known for it
    "Motörhead",
    "Queensrÿche",
    "Hüsker Dü",
    "naïve",
)


@pytest.mark.parametrize("text", _CYRILLIC)
def test_cyrillic_of_windows_is_recognised(text: str) -> None:
    assert decode_legacy(text.encode("cp1251")) == text


@pytest.mark.parametrize("text", _LATIN)
def test_western_text_stays(text: str) -> None:
    assert decode_legacy(text.encode("latin-1")) == text


def test_all_western_text_in_one_tag_stays() -> None:
    assert legacy_encoding([text.encode("latin-1") for text in _LATIN]) == "cp1252"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Zażółć gęślą jaźń", "cp1250"),
        ("Żółć", "cp1250"),
        ("Święty", "cp1250"),
        ("Příliš žluťoučký kůň", "cp1250"),
        ("Μάνος Χατζιδάκις", "cp1253"),
        ("Γιώργος Νταλάρας", "cp1253"),
        ("группа крови на рукаве", "koi8-r"),
        ("Группа крови", "koi8-r"),
        ("周杰倫", "big5"),
        ("周杰伦", "gbk"),
        ("宇多田ヒカル", "shift-jis"),
        ("ירושלים של זהב", "cp1255"),
    ],
)
def test_other_encodings_are_not_taken_for_cyrillic(text: str, encoding: str) -> None:
    assert legacy_encoding([text.encode(encoding)]) == "cp1252"


def test_short_texts_are_read_as_their_neighbours() -> None:
    texts = [text.encode("cp1251") for text in ("Мы", "Эх", "Кино", "Группа крови")]
    assert legacy_encoding(texts) == "cp1251"
    assert legacy_encoding(texts[:1]) == "cp1252"


def test_utf8_is_utf8() -> None:
    assert decode_legacy("Björk – Кино".encode()) == "Björk – Кино"
    assert decode_legacy(b"\xff\x81") == "ÿ\ufffd"
    assert decode_legacy(b"") == ""
