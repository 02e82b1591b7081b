"""`python -m doorroute.network`: compile the searches of the network, in a process of its own."""

from doorroute.network.warm import warm_up

warm_up()
