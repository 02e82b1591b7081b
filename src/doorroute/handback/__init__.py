"""What phones hand in: the seal on it, the codes that open it, and the marks of each door, written and read."""
