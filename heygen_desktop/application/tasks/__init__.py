"""The typed signatures of what models do: from each comes its panel, CLI flags and API body."""
