"""What shops sell, and what is said about it."""

from __future__ import annotations

from serbench.payloads.text.words import listed, phrases

ARTICLES = listed(
    """
    Espresso cups, set of 4 | Linen shirt, grey, size M | Desk lamp, brass | Trail running shoes, blue, size 42 |
    Notebook A5, dotted | Merino blanket, natural | Cast iron pan, 28 cm | Bike light set, USB-C | Olive oil, 0.5 l |
    Rain jacket, dark green, size L | Wireless keyboard, Nordic layout | Ceramic planter, large | Bath towel, 2-pack |
    Board game "Harbour", from 10 years | Pepper mill, walnut | Yoga mat, 6 mm | Darjeeling, first flush, 250 g |
    Children's rain boots, yellow, size 29 | Wool socks, 3 pairs | Picture frame, oak, 30 x 40 cm | Beach umbrella
    """
)
NOTES = (
    "Please leave the parcel with the neighbours on the second floor.",
    "Bitte nicht klingeln, das Baby schläft.",
    "It is a present: no invoice in the box, please!",
    "Livraison après 18 h si possible, merci.",
)
"""What a shop sells and what its customers note on an order."""

BRANDS = listed(
    "Nordlys | Kessler & Sohn | Tamura | Casa Alba | Fieldnote | Oakham | Velo Uno | Brisa | Halden | Mirabelle"
)
THINGS = {
    "kitchen": listed(
        "frying pan | kettle | chopping board | paring knife | mixing bowl | salt cellar | coffee grinder"
    ),
    "bedroom": listed("duvet cover | wool blanket | pillow | bedside lamp | linen sheet | alarm clock"),
    "outdoor": listed("tent | sleeping mat | head torch | rain jacket | water bottle | trekking poles | camping stove"),
    "office": listed("desk lamp | notebook | monitor stand | fountain pen | office chair | cable tray | headset"),
    "cycling": listed("helmet | bike light | pannier | floor pump | chain lock | rain cape | saddle"),
    "garden": listed("watering can | secateurs | raised bed | bird feeder | hose reel | planter | leaf rake"),
}
"""Things by category."""
ADJECTIVES = listed(
    "compact | light | heavy-duty | folding | classic | adjustable | hand-made | recycled | quiet | large"
)
MATERIALS = listed("steel | aluminium | recycled nylon | cotton | several | plant-based")
COLOURS = listed("slate | sand | forest green | off-white | rust | navy | natural | graphite")
DESCRIPTIONS = phrases(
    """
    Made of {material} in {where}; it {virtue}.
    {virtue_noun} makes it a good companion for {use}.
    It weighs less than you would think and {virtue}.
    {care}; do not {harm}.
    The {part} can be replaced without tools, and we keep spare parts for {years} years.
    We tested it for {use} and found that it {virtue}.
    Comes with {extra} and a guarantee of {years} years.
    Designed in {where} for people who take {use} seriously.
    """,
    material="brushed steel|anodised aluminium|recycled fibres|a plant-based composite|materials from the region",
    virtue="ages well|dries quickly|keeps its shape|does not rattle|stays cool to the touch|withstands rain and salt|"
    "folds flat in seconds|gets better with use",
    virtue_noun="its low weight|a wide base|the double seam|a quiet mechanism|the matt surface",
    use="daily commuting|small kitchens|long weekends|early mornings|travelling by train|working at home|wet summers",
    care="Wipe it with a damp cloth|Wash at 30 degrees|Oil it twice a year|Keep it dry|Rinse by hand",
    harm="use bleach|put it into the dishwasher|leave it in the sun|tumble dry|overtighten the screws",
    part="handle|hinge|strap|bulb|blade|buckle|lid",
    years="two|five|ten|fifteen",
    extra="a cotton bag|two spare screws|a short manual|a mounting kit|a tin of wax",
    where="Porto|Ghent|the Black Forest|Kyoto|Småland|Vermont|Galicia",
)
"""What a catalogue says about a thing."""
