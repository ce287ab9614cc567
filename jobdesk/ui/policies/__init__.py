"""政策: whom each policy may concern, who was not told, and telling them."""
