"""The ground floor: values, operations, fold, rules. Pure Python, standard library only."""
