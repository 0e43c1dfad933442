"""What the screens share. A widget shows what it is told and speaks through signals."""
