"""Pictures and films of an avatar, without browser or graphics driver."""
