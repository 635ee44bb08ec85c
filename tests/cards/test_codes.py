
from tests.cases import each
from vcardapp.cards.codes import ALPHABET, new_code, read_code


def test_a_code_is_six_letters_and_figures_that_cannot_be_mistaken():
    codes = {new_code() for _ in range(300)}
    assert len(codes) == 300
    for code in codes:
        assert len(code) == 6
        assert not set(code) & set("ILOU")


def test_new_codes_use_the_whole_alphabet():
    assert set("".join(new_code() for _ in range(500))) == set(ALPHABET)
    assert len(ALPHABET) == 32


def test_every_code_reads_as_itself_in_any_case():
    for code in (new_code() for _ in range(100)):
        assert read_code(code) == code
        assert read_code(code.lower()) == code


def test_what_people_mistake_is_read_as_what_was_meant():
    assert read_code("iLoO1l") == "110011"


@each(
    "text", ["", "ABCDE", "ABCDEFG", "ABCDEU", "ABC-DE", " ABCDE", "ABCDE\n", "ABCDEı", "ABCDEſ", "ABCDE１", "ÅBCDEF"]
)
def test_anything_else_is_no_code(text):
    assert read_code(text) is None
