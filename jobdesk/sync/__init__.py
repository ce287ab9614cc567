"""The desk's side of the exchange with the province. Clock, randomness and transport are passed in; no Qt."""
