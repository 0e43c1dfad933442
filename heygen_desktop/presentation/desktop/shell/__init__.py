"""The frame around the screens: rail, status bar, notices, command palette."""
