"""Files that move to another station and come from one: asked, answered, carried out; one person twice."""
