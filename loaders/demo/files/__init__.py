"""The simulated county written as the exports of real systems, errors and all."""
