"""How numbers and dates are written in each language, where Django does not do as the French State does."""
