"""How the window looks: tokens first, everything else is made from them."""
