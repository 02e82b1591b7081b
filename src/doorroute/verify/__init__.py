"""Re-compute a plan from its inputs and name every rule it breaks; shares no code with the engines."""
