"""What serialization costs a month. `offers.prices` takes it from a run, `view.price_view` makes bills of it. Pure."""
