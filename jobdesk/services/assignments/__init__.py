"""下发名单: taking a county's list in, answering its people, giving it back in its own layout."""
