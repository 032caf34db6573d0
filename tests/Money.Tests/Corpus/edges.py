"""The orders at the edges: exact ties everywhere a figure is rounded, whole discounts, nothing to pay, the smallest and the largest."""

from fractions import Fraction as F

# Worked out by hand: three lines of 3.35 at 10 % and three of 1.00 with 20 % inside, thirty-one of 1.59 at 12 %.
BY_HAND = {
    "by hand: 3 x 3.35 + 10 %": {
        "line/halfUp": ("10.05", "0", "1.02", "11.07"), "line/halfEven": ("10.05", "0", "1.02", "11.07"),
        "document/halfUp": ("10.05", "0", "1.01", "11.06"), "document/halfEven": ("10.05", "0", "1.00", "11.05"),
    },
    "by hand: 3 x 1.00 with 20 % inside": {
        "line/halfUp": ("3", "0", "0.51", "3"), "line/halfEven": ("3", "0", "0.51", "3"),
        "document/halfUp": ("3", "0", "0.50", "3"), "document/halfEven": ("3", "0", "0.50", "3"),
    },
    "by hand: 31 lines of 1.59 + 12 %": {
        "line/halfUp": ("81.09", "0", "9.71", "90.80"), "line/halfEven": ("81.09", "0", "9.71", "90.80"),
        "document/halfUp": ("81.09", "0", "9.73", "90.82"), "document/halfEven": ("81.09", "0", "9.73", "90.82"),
    },
}


def line(price, quantity=1, rate=0, discount=None, code="T"):
    return {"quantity": F(quantity), "unitPrice": F(price), "discount": discount and (discount[0], F(discount[1])), "taxCode": code, "taxRate": F(rate)}


def order(currency, *lines, discount=None, shipping=0, shipping_rate=0, inside=False):
    return {
        "currency": currency, "pricesIncludeTax": inside, "lines": list(lines), "discount": discount and (discount[0], F(discount[1])),
        "shipping": F(shipping), "shippingTaxRate": F(shipping_rate),
    }


def edges():
    """Yields (case, order)."""
    yield "by hand: 3 x 3.35 + 10 %", order("EUR", *[line("3.35", rate=10)] * 3)
    yield "by hand: 3 x 1.00 with 20 % inside", order("EUR", *[line(1, rate=20)] * 3, inside=True)
    yield "by hand: 31 lines of 1.59 + 12 %", order("EUR", *[line("1.59", 11, 12)] * 2, *[line("1.59", 1, 12)] * 29)
    yield from ties()
    yield from nothing_to_pay()
    yield from small_and_large()
    yield from taxes()
    yield from spreads()


def ties():
    for currency, unit in (("JPY", F(1)), ("EUR", F(1, 100)), ("KWD", F(1, 1000)), ("BHD", F(1, 1000))):
        for odd in (1, 3, 7, 1999):
            half = unit * odd / 2
            yield "tie: line amount", order(currency, line(half))
            yield "tie: line amount of a quantity", order(currency, line(half * 8, "0.125"), line(half / 5, 5), line(half, 3))
            yield "tie: percent off a line", order(currency, line(unit * odd, discount=("percent", 50)), line(unit * odd * 5, discount=("percent", "12.5")))
            yield "tie: amount off a line", order(currency, line(unit * (odd + 3), discount=("amount", half)))
            yield "tie: percent off the order", order(currency, line(unit * odd, rate=8), discount=("percent", 50))
            yield "tie: amount off the order", order(currency, line(unit * (odd + 1), rate=8), discount=("amount", half))
            yield "tie: shipping", order(currency, line(unit * 100), shipping=half, shipping_rate=0)
            yield "tie: tax", order(currency, *[line(unit * odd * 5, rate=10)] * 2, line(unit * odd * 5, rate=10, code="U"))
            yield "tie: tax on shipping", order(currency, line(unit * 100), shipping=unit * odd * 5, shipping_rate=10)
            yield "tie: shares", order(currency, *[line(unit * odd, rate=8)] * 4, discount=("amount", unit * odd * 2))
            for rate, amount in ((20, 3), (12, 14), (28, 16), (4, 13), (60, 4), (100, 1)):
                yield "tie: tax inside", order(currency, *[line(unit * amount * odd, rate=rate)] * 2, inside=True)


def nothing_to_pay():
    for currency in ("JPY", "EUR", "KWD"):
        for inside in (False, True):
            yield "price 0", order(currency, line(0, 7, 19), inside=inside)
            yield "price 0 beside others", order(currency, line(0, 7, 19), line("3.35", 2, 19), line(0), discount=("percent", 10), inside=inside)
            yield "price 0 and a percent off", order(currency, line(0, 1, 19, ("percent", 50)), discount=("percent", 5), inside=inside)
            yield "100 % off a line", order(currency, line("19.99", 3, 19, ("percent", 100)), line("0.99", 1, 7), inside=inside)
            yield "100 % off every line", order(currency, line("19.99", 3, 19, ("percent", 100)), shipping="4.90", shipping_rate=19, inside=inside)
            yield "100 % off the order", order(currency, line("19.99", 3, 19), line("0.335", 1, 7), discount=("percent", 100), inside=inside)
            yield "100 % off, shipping stays", order(currency, line("19.99", 3, 19), discount=("percent", 100), shipping="4.95", shipping_rate=19, inside=inside)
            yield "the whole amount off a line", order(currency, line("12.345", 2, 19, ("amount", "24.69")), line(5, 1, 7), inside=inside)
            yield "the whole amount off the order", order(currency, line(20, 3, 19), line(7, 1, 7), discount=("amount", 67), inside=inside)
            yield "0 % and 0 off", order(currency, line("3.35", 1, 10, ("percent", 0)), line("3.35", 1, 10, ("amount", 0)), discount=("percent", 0), inside=inside)


def small_and_large():
    for currency in ("JPY", "EUR", "KWD", "CLF"):
        for inside in (False, True):
            yield "quantity 0.001", order(currency, line("0.00001", "0.001", 19), line(5, "0.001", 19), line(500, "0.001", 19), line("0.5", "0.001", 19), inside=inside)
            yield "quantity 0.001 of dear goods", order(currency, line("999999.99999", "0.001", "8.375"), discount=("percent", "0.00001"), inside=inside)
            yield "smallest price, many", order(currency, line("0.00001", 500, 20), line("0.00005", 100, 20), line("0.015", "33.333", 20), inside=inside)
            yield "huge quantity", order(currency, line("0.01001", "999999999", 19), line("0.33333", "123456789.123", 7), inside=inside)
            yield "huge price", order(currency, line("999999999.99999", "1.001", 19), line("987654321.12345", "3.333", 7, ("percent", "2.5")), inside=inside)
            yield "huge order", order(currency, line("80000000.05", 999999, 19), discount=("amount", "0.05") if currency != "JPY" else ("amount", 1), inside=inside)
            yield "huge order in two", order(
                currency, line("40000000.005", "1000000.001", "5.5"), line("34567890.12345", 1000000, "5.5"), discount=("percent", "12.34567"), inside=inside)
    for count in (100, 250, 1000):
        for inside in (False, True):
            yield "many lines", order("EUR", *[line("0.005", 1, 19)] * count, inside=inside)
            yield "many lines, one cent off", order("EUR", *[line("0.07", 1, 19)] * count, discount=("amount", "0.01"), inside=inside)
            yield "many lines, percent off", order(
                "KWD", *[line(F(n % 97, 1000) + F(1, 2000), n % 5 + 1, (5, 20)[n % 2]) for n in range(count)], discount=("percent", "33.33333"), inside=inside)


def taxes():
    for inside in (False, True):
        for currency in ("JPY", "EUR", "KWD"):
            yield "two codes of one rate", order(currency, line("3.35", 1, 10, code="A"), line("3.35", 1, 10, code="B"), line("3.35", 1, 10, code="A"), inside=inside)
            yield "no code", order(currency, line("3.35", 1, 10, code=None), line("3.35", 1, 10), line("3.35", 1, 0, code=None), inside=inside)
            yield "shipping at a line's rate", order(currency, line("3.35", 1, 10, code="A"), line(7, 1, 20, code="B"), shipping="3.35", shipping_rate=10, inside=inside)
            yield "shipping at the rate of two codes", order(
                currency, line("3.35", 1, 10, code="B"), line("3.35", 1, 10, code="A"), shipping="3.35", shipping_rate=10, inside=inside)
            yield "shipping at a rate of its own", order(currency, line("3.35", 2, 10), shipping="3.35", shipping_rate=5, inside=inside)
            yield "shipping without tax", order(currency, line("3.35", 2, 10), line(1, code=None), shipping="3.35", inside=inside)
            yield "100 % tax", order(currency, line("3.33", 3, 100), shipping="0.99", shipping_rate=100, inside=inside)
            for rate in ("8.375", "5.5", "7.7", "12.34567", "0.00001", "19", "33.33333"):
                yield "rate with decimals", order(currency, line("54.54545", 1, rate), line("0.333", "2.5", rate), line("199.999", 3, rate), inside=inside)


def spreads():
    for currency, unit in (("JPY", 1), ("EUR", F(1, 100)), ("KWD", F(1, 1000))):
        for count in (2, 3, 6, 7, 11):
            yield "one unit spread over equal lines", order(currency, *[line(unit * 1000, rate=r) for r in (19, 7, 0)[:3]] * count, discount=("amount", unit))
            yield "10.00 over equal lines", order(currency, *[line(unit * 5000, rate=19)] * count, discount=("amount", unit * 1000))
            yield "nearly all off", order(currency, *[line(unit * (7 + n), rate=19) for n in range(count)], discount=("percent", "99.9"))
