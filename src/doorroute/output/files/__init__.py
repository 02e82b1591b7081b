"""Tables and files for other programs: workbooks, GeoPackage, GeoJSON, GPX, KML and PDF."""
