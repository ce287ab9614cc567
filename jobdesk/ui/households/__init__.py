"""家庭: households, whether nobody works, how their application and their clock stand."""
