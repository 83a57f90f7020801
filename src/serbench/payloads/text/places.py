"""Places where generated people live, and their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.payloads.base import between, chance, pick
from serbench.schema.types import Optional, Scalar, record

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True, slots=True)
class Place:
    """A city, with what an order to it needs: codes are ISO 3166 and 4217, the tax is the usual rate there."""

    city: str
    region: str
    postcode: str
    country: str
    dialling: str
    currency: str
    tax_rate: float
    streets: tuple[str, ...]


PLACES = (
    Place("Berlin", "", "10119", "DE", "49", "EUR", 0.19, ("Torstraße", "Linienstraße", "Kastanienallee")),
    Place("München", "", "80469", "DE", "49", "EUR", 0.19, ("Reichenbachstraße", "Müllerstraße", "Fraunhoferstraße")),
    Place("Wien", "", "1070", "AT", "43", "EUR", 0.2, ("Neubaugasse", "Lindengasse", "Burggasse")),
    Place("Paris", "", "75011", "FR", "33", "EUR", 0.2, ("rue Oberkampf", "boulevard Voltaire", "rue de la Roquette")),
    Place("Lyon", "", "69002", "FR", "33", "EUR", 0.2, ("rue Mercière", "quai Saint-Antoine")),
    Place(
        "Madrid", "", "28004", "ES", "34", "EUR", 0.21, ("Calle de Fuencarral", "Calle de Hortaleza", "Calle del Pez")
    ),
    Place("Kraków", "", "31-053", "PL", "48", "PLN", 0.23, ("ulica Józefa", "ulica Dietla", "ulica Miodowa")),
    Place("London", "", "E8 4QN", "GB", "44", "GBP", 0.2, ("Mare Street", "Broadway Market", "Graham Road")),
    Place("Dublin", "", "D02 XY45", "IE", "353", "EUR", 0.23, ("Camden Street Lower", "Aungier Street")),
    Place("Seattle", "WA", "98122", "US", "1", "USD", 0.1035, ("E Pike St", "14th Ave", "E Union St", "Broadway E")),
    Place("Austin", "TX", "78704", "US", "1", "USD", 0.0825, ("S Congress Ave", "S Lamar Blvd", "Barton Springs Rd")),
    Place("Brooklyn", "NY", "11215", "US", "1", "USD", 0.08875, ("7th Ave", "Union St", "Prospect Park W")),
    Place("Toronto", "ON", "M6J 1G1", "CA", "1", "CAD", 0.13, ("Queen St W", "Dundas St W", "Ossington Ave")),
    Place(
        "São Paulo", "SP", "01310-100", "BR", "55", "BRL", 0.18, ("Avenida Paulista", "Rua Augusta", "Alameda Santos")
    ),
    Place("Melbourne", "VIC", "3065", "AU", "61", "AUD", 0.1, ("Smith St", "Brunswick St", "Gertrude St")),
)
NUMBER_LAST = ("DE", "AT", "ES", "PL", "BR")
"""Countries where the number of a house follows its street."""

ADDRESS = record(
    "Address",
    name=Scalar.STRING,
    company=Optional(Scalar.STRING),
    street=Scalar.STRING,
    postcode=Scalar.STRING,
    city=Scalar.STRING,
    region=Optional(Scalar.STRING),
    country=Scalar.STRING,
)


def address(rng: Random, name: str, place: Place) -> dict[str, Any]:
    """An address of that person in that place, an `ADDRESS`."""
    street, house = pick(rng, place.streets), between(rng, 1, 180)
    company = {"company": f"{name.rpartition(' ')[2]} & Co."} if chance(rng, 0.08) else {}
    line = f"{street} {house}" if place.country in NUMBER_LAST else f"{house} {street}"
    known = {"name": name, **company, "street": line, "postcode": place.postcode, "city": place.city}
    return {**known, **({"region": place.region} if place.region else {}), "country": place.country}
