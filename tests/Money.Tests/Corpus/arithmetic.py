"""What an order comes to, in exact fractions: each figure is rounded where its definition says so, and nowhere else.

  line amount  quantity x price less the line's discount, rounded
  subtotal     sum of the line amounts
  discount     percent of the subtotal, or the amount; rounded
  share        a line's part of the discount: what the rounded share of all lines up to it exceeds that of the lines before it by
  taxed        line amount less share, by tax code and rate; shipping counts with the first tax of its rate, else alone
  tax          of an amount without tax: rate/100 of it; of an amount with tax: rate/(100+rate) of it
               by line: rounded for each line and for shipping; by document: rounded once for each tax code and rate
  total        subtotal - discount + shipping, and the tax unless prices include it

A tie goes away from zero (halfUp) or to the even neighbour (halfEven), for every figure alike.
"""

from fractions import Fraction
from itertools import accumulate
from math import ceil, floor

DECIMALS = {"JPY": 0, "KRW": 0, "CLP": 0, "EUR": 2, "USD": 2, "GBP": 2, "BRL": 2, "INR": 2, "KWD": 3, "BHD": 3, "TND": 3, "CLF": 4}
LEVELS = ("line", "document")
TIES = ("halfUp", "halfEven")


def rounded(value, decimals, tie):
    """The multiple of the smallest unit that lies nearest; of two as near, the one the tie names."""
    units = value * 10**decimals
    low, high = floor(units), ceil(units)
    if 2 * units != low + high:
        nearest = low if 2 * units < low + high else high
    elif tie == "halfUp":
        nearest = max(low, high, key=abs)
    else:
        nearest = low if low % 2 == 0 else high
    return Fraction(nearest, 10**decimals)


def less(amount, discount):
    """An amount after a discount ("percent" | "amount", value)."""
    if discount is None:
        return amount
    how, value = discount
    return amount - (amount * value / 100 if how == "percent" else value)


def line_amounts(order, tie):
    return [rounded(less(line["quantity"] * line["unitPrice"], line["discount"]), DECIMALS[order["currency"]], tie) for line in order["lines"]]


def shares(discount, amounts, decimals, tie):
    """How the discount on the whole is spread; the last line brings it to the discount exactly."""
    if discount == 0:
        return [Fraction(0)] * len(amounts)
    part = discount / sum(amounts)
    up_to = [rounded(part * reached, decimals, tie) for reached in accumulate(amounts)]
    return [here - before for here, before in zip(up_to, [Fraction(0)] + up_to)]


def totals(order, level, tie):
    """Subtotal, discount, tax and total under one policy."""
    decimals = DECIMALS[order["currency"]]
    amounts = line_amounts(order, tie)
    subtotal = sum(amounts)
    discount = rounded(subtotal - less(subtotal, order["discount"]), decimals, tie)
    shipping = rounded(order["shipping"], decimals, tie)

    groups = {}
    for line, amount, share in zip(order["lines"], amounts, shares(discount, amounts, decimals, tie)):
        groups.setdefault((line["taxRate"], line["taxCode"]), []).append(amount - share)
    if shipping:
        rate = order["shippingTaxRate"]
        groups.setdefault(next((group for group in groups if group[0] == rate), (rate, "shipping alone")), []).append(shipping)

    tax = Fraction(0)
    for (rate, _), taxed in groups.items():
        part = rate / (100 + rate) if order["pricesIncludeTax"] else rate / 100
        pieces = taxed if level == "line" else [sum(taxed)]
        tax += sum(rounded(piece * part, decimals, tie) for piece in pieces)

    total = subtotal - discount + shipping + (0 if order["pricesIncludeTax"] else tax)
    return {"subtotal": subtotal, "discount": discount, "tax": tax, "total": total}


def legal(quantity, minimum, step):
    return quantity > 0 and quantity >= minimum and (step == 0 or quantity % step == 0)


def neighbours(quantity, minimum, step):
    """The nearest legal quantities at or below, and at or above; None where there is none. Found by trying all that could be."""
    if step == 0:
        candidates = [quantity, Fraction(minimum)]
    else:
        candidates = [step * n for n in range(1, ceil(max(quantity, minimum) / step) + 2)]
    candidates = [candidate for candidate in candidates if legal(candidate, minimum, step)]
    below = [candidate for candidate in candidates if candidate <= quantity]
    above = [candidate for candidate in candidates if candidate >= quantity]
    return max(below, default=None), min(above, default=None)
