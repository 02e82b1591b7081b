"""From an OpenStreetMap extract to travel times and the ways behind them."""
