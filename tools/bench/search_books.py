"""Customers with so many search terms: names of four words from syllables, as the program stores them (plain lower-case words)."""
import itertools

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
HEADS = ["bar", "cor", "del", "fen", "gru", "hal", "jun", "kel", "lor", "mar", "nor", "per", "rad", "sol", "tan", "ver"]
MIDDLES = ["a", "e", "i", "o", "u", "an", "en", "in", "on", "ar", "er", "or", "al", "el", "il", "ol"]
TAILS = ["berg", "dorf", "feld", "haus", "kamp", "land", "mann", "see", "stadt", "tal", "wald", "werk", "lin", "ton", "ville", "ström"]
FORMS = ["gmbh", "ag", "kg", "ltd", "sarl", "bv", "spa", "oy"]


def words(place):
    """The four words of customer `place`: two made ones, a town, a form."""
    def made(number):
        return HEADS[number % 16] + MIDDLES[number // 16 % 16] + TAILS[number // 256 % 15]
    return [made(place * 7919), made(place * 104729 + 3) + str(place % 97), f"ort{place % 20011}", FORMS[place % 8]]


def rows(terms):
    """Rows of customers, of details and of terms, until there are so many terms."""
    for place in itertools.count(1):
        if place * 4 > terms:
            return
        yield place, words(place)
