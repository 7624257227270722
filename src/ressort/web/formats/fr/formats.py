"""French: narrow no-break space between thousands, decimal comma, weeks that begin on Monday."""

THOUSAND_SEPARATOR = "\u202f"
DECIMAL_SEPARATOR = ","
NUMBER_GROUPING = 3
DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "j F Y à H\\hi"
FIRST_DAY_OF_WEEK = 1
