#!/usr/bin/env python3
"""Writes the money corpus: 5,000 orders and what they come to under each policy, and quantities at the edge of what is sold.

Usage: corpus.py [FOLDER]    writes corpus.jsonl.gz and quantities.jsonl there; without a FOLDER, beside this file

Nothing here is taken from the product's code. The figures come from arithmetic.py, in exact fractions; the same seed gives the same files
on every version of Python 3, since the dice are our own. The edges come first; then the strata follow each other in turn, so that the
first thousand orders hold every edge and every stratum.
"""

import gzip
import os
import sys
import uuid
from fractions import Fraction as F
from itertools import count, islice, product

sys.dont_write_bytecode = True  # the two modules below are beside this file, where nothing but the corpus is to be written

from arithmetic import DECIMALS, LEVELS, TIES, legal, less, line_amounts, neighbours, totals
from edges import BY_HAND, edges

SEED = 20261122
ORDERS = 5000
CUSTOMERS = 60
NAMESAKES = 20
ITEMS = 40


class Dice:
    """SplitMix64: the same numbers everywhere and for ever, which Python does not promise of its own."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
        return (mixed ^ (mixed >> 31)) % limit

    def one_of(self, choices):
        return choices[self.below(len(choices))]

    def number(self, most, least_decimals, most_decimals):
        """Up to so many whole units, with some number of decimals; now and then ending in 5, which makes ties."""
        scale = 10 ** (least_decimals + self.below(most_decimals - least_decimals + 1))
        digits = 1 + self.below(most * scale)
        return F(digits - digits % 10 + 5 if self.below(4) == 0 else digits, scale)


TAXES = {
    "one rate": [("STD", F(19))], "one rate, odd": [("US", F("8.375"))], "two rates": [("STD", F(20)), ("RED", F(5))],
    "two rates and exempt": [("STD", F(19)), ("RED", F(7)), ("EXEMPT", F(0)), (None, F(0))],
}
STRATA = list(product(
    ((0, ("JPY", "KRW", "CLP")), (2, ("EUR", "USD", "GBP", "BRL", "INR")), (3, ("KWD", "BHD", "TND"))),
    (False, True), (None, "percent", "amount"), (None, "percent", "amount"), (False, True), TAXES))


def stratum(number):
    """The strata in an order of their own, so that neighbours differ in all respects."""
    return STRATA[number * 175 % len(STRATA)]


def any_discount(dice, how, whole, decimals):
    if how is None or whole == 0:
        return None
    if how == "percent":
        return how, F(dice.one_of(("5", "10", "12.5", "33.333", "50", "2.75", "0.5", "99.99", "7.12345", "100")))
    unit = F(1, 10**decimals)
    return how, unit * (dice.below(int(whole / unit) + 1) if dice.below(3) else dice.below(int(whole / unit / 10) + 1))


def any_order(dice, number):
    (decimals, currencies), inside, order_discount, line_discount, shipped, mix = stratum(number)
    lines = []
    for _ in range(1 + dice.below(9)):
        quantity, price = dice.number(40, 0, 3), dice.number(300, 2, 5)
        discount = any_discount(dice, line_discount, quantity * price, decimals) if dice.below(4) else None
        code, rate = dice.one_of(TAXES[mix])
        lines.append({"quantity": quantity, "unitPrice": price, "discount": discount, "taxCode": code, "taxRate": rate})
    order = {"currency": dice.one_of(currencies), "pricesIncludeTax": inside, "lines": lines, "discount": None, "shipping": F(0), "shippingTaxRate": F(0)}
    if shipped:
        order["shipping"] = dice.number(30, 0, decimals)
        order["shippingTaxRate"] = dice.one_of([rate for _, rate in TAXES[mix]] + [F(0), F("5.5")])
    order["discount"] = any_discount(dice, order_discount, min(sum(line_amounts(order, tie)) for tie in TIES), decimals)
    return f"any: {decimals} decimals, {mix}", order


def customer(number):
    """Twenty of them are called Maria Silva and have nothing else in common."""
    name = "Maria Silva" if number < NAMESAKES else f"Customer {number:02}"
    return {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"corpus/customer/{number}")), "code": f"CORPUS-{number:02}", "name": name, "email": f"buyer{number:02}@corpus.example"}


def plain(value):
    """A fraction as a decimal number with no more digits than it needs."""
    digits = next(d for d in count() if (value * 10**d).denominator == 1)
    whole = str(abs(value) * 10**digits).rjust(digits + 1, "0")
    return ("-" if value < 0 else "") + (f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole)


def json(value):
    """JSON with exact numbers, which Python's own writer has none of."""
    if isinstance(value, dict):
        return "{" + ",".join(f'"{name}":{json(member)}' for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json, value)) + "]"
    if isinstance(value, tuple):
        return json({value[0]: value[1]})
    if isinstance(value, str):
        return '"' + value + '"'
    return {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else plain(F(value))


def orders(dice):
    yield from edges()
    for number in count():
        yield any_order(dice, number)


def expected(case, order):
    found = {f"{level}/{tie}": totals(order, level, tie) for level in LEVELS for tie in TIES}
    for policy, figures in BY_HAND.get(case, {}).items():
        assert tuple(found[policy].values()) == tuple(map(F, figures)), (case, policy, found[policy])
    return found


def corpus_lines():
    dice = Dice(SEED)
    assert sum(1 for _ in edges()) + len(STRATA) <= 1000
    for number, (case, order) in enumerate(islice(orders(dice), ORDERS)):
        assert all(less(line["quantity"] * line["unitPrice"], line["discount"]) >= 0 for line in order["lines"]), case
        order["lines"] = [{"sku": f"CORPUS-{dice.below(ITEMS):02}", **line} for line in order["lines"]]
        yield json({
            "number": number + 1, "case": case, "customer": customer(dice.below(CUSTOMERS)), "order": order,
            "amounts": {tie: line_amounts(order, tie) for tie in TIES}, "totals": expected(case, order),
        })


def quantity_lines():
    limits = [(0, 0), (1, 0), (5, 0), (F("0.5"), 0), (0, 1), (0, 12), (0, F("0.25")), (12, 12), (5, 3), (10, 12), (24, 12), (F("0.5"), F("0.25")),
              (F("0.3"), F("0.2")), (100, 25), (1000, 1), (F("2.5"), F("1.5")), (7, 7), (1, F("0.001")), (6, 4), (F("0.75"), F("0.5"))]
    for minimum, step in limits:
        _, smallest = neighbours(F(1, 1000), F(minimum), F(step))
        edge = [smallest or 1, minimum or 1, (smallest or 1) + step, (smallest or 1) + 100 * (step or 1)]
        around = {at + by for at in edge for by in (0, F(1, 1000), F(-1, 1000), F(step) / 2, -F(step) / 2)} | {F(1, 1000)}
        for quantity in sorted(q for q in around if q > 0 and (q * 1000) % 1 == 0):
            below, above = neighbours(F(quantity), F(minimum), F(step))
            yield json({"minimum": minimum, "step": step, "quantity": quantity, "ok": legal(quantity, minimum, step), "below": below, "above": above})


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    print(f"seed {SEED}, {ORDERS} orders")
    with open(os.path.join(folder, "corpus.jsonl.gz"), "wb") as file:
        file.write(gzip.compress("".join(line + "\n" for line in corpus_lines()).encode(), 9, mtime=0))
    with open(os.path.join(folder, "quantities.jsonl"), "w", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in quantity_lines())


if __name__ == "__main__":
    main()
