"""待核对: facts that contradict each other, with the reason where one stands."""
