"""The generated payloads that there are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from serbench import registry
from serbench.errors import UnknownName, UsageError
from serbench.payloads import catalogue


def test_a_payload_is_found_by_its_name():
    """The name on the command line leads to the generator."""
    assert catalogue.get("order").title == "Order of a shop"


def test_an_unknown_name_suggests_the_nearest():
    """A typing error is answered with the name that was meant."""
    with pytest.raises(UnknownName, match=re.escape("unknown payload 'odrer'; did you mean order?")):
        catalogue.get("odrer")


def test_payloads_of_other_packages_join(monkeypatch):
    """What an entry point brings is known beside the own payloads."""
    foreign = replace(catalogue.get("ping"), name="pong")
    own = registry.plug_ins("payloads")
    monkeypatch.setattr(registry, "plug_ins", lambda _: (*own, foreign))
    assert catalogue.get("pong") is foreign
    assert len(own) + 1 == len(catalogue.known())


def test_two_payloads_of_one_name_are_refused(monkeypatch):
    """A name never stands for whichever was found last."""
    ping = catalogue.get("ping")
    monkeypatch.setattr(registry, "plug_ins", lambda _: (ping, ping))
    with pytest.raises(UsageError, match="two payloads are named 'ping'"):
        catalogue.known()
