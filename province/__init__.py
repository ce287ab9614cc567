"""The province server: orders what desks push, lists it by station, answers what they may see."""
