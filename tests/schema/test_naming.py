"""Names that people would give."""

from __future__ import annotations

import pytest

from serbench.schema.naming import alike, singular, telling, title, upper_snake, words


@pytest.mark.parametrize(
    ("several", "one"),
    [
        *(("items", "item"), ("line_items", "line_item"), ("lineItems", "lineItem"), ("addresses", "address")),
        *(("categories", "category"), ("boxes", "box"), ("branches", "branch"), ("sizes", "size"), ("prices", "price")),
        *(("status", "status"), ("statuses", "status"), ("series", "series"), ("children", "child"), ("data", "data")),
        *(("People", "Person"), ("analysis", "analysis"), ("gas", "gas"), ("indices", "index"), ("caches", "cache")),
        *(("URLs", "URLs"), ("x2", "x2"), ("", "")),
    ],
)
def test_the_last_word_is_put_in_the_singular(several, one):
    """The rest of the name stays as it is."""
    assert one == singular(several)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("unit_price", ["unit", "price"]),
        ("unitPrice", ["unit", "price"]),
        ("HTTPMethod", ["http", "method"]),
        ("x-rate-limit", ["x", "rate", "limit"]),
        ("md5sum2", ["md5", "sum2"]),
        ("$", []),
    ],
)
def test_words_are_found_whatever_parts_them(name, expected):
    """Capitals, underscores, anything else."""
    assert expected == words(name)


@pytest.mark.parametrize(
    ("names", "fields", "expected"),
    [
        (["item"], ["a", "b"], "Item"),
        (["shipping_address", "billing_address"], ["a", "b", "c", "d"], "Address"),
        (["assignee", "user", "assignee"], ["a", "b", "c", "d"], "User"),
        (["to", "sender"], ["a", "b", "c", "d"], "Sender"),
        (["price", "price", "total"], ["amount", "currency"], "Price"),
        (["price", "total"], ["amount", "currency"], "AmountAndCurrency"),
        (["first_data", "second_data"], ["a", "b", "c", "d"], "FirstData"),
    ],
)
def test_records_of_one_shape_have_one_name(names, fields, expected):
    """What they share, or what says what they are."""
    assert expected == title(names, fields)


def test_names_that_say_the_same():
    """By their last word, unless it says nothing."""
    assert alike("user", "user")
    assert alike("shippingAddress", "billing_address")
    assert not alike("user", "owner")
    assert not alike("user_data", "order_data")
    assert not alike("", "x")


def test_fields_that_tell_what_a_record_is():
    """Those that are everywhere do not, and one alone does not."""
    assert telling(["amount", "currency"])
    assert not telling(["id", "name"])
    assert not telling(["self_url", "type"])
    assert not telling(["amount"])


def test_constants_are_written_in_capitals():
    """With underscores between words."""
    assert "PAYMENT_STATE" == upper_snake("PaymentState")
