"""Why a visit is on no route, and which change would help."""
