"""The diagnosis of a territory on screen: synthesis, chapters, exports, map of France, and the territory's own data.

/territoire/<kind>/<code>/   ┐                 ┌ tableau/<name>.csv|parquet|json|geojson
/groupe/?communes=…          ┴ same screens ───┼ graphique/<name>.svg
                                               ├ rapport.pdf
                                               ├ integrer/     a widget that other sites may frame
                                               └ donnees/      own data (an account and a right)
"""
