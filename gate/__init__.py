"""The gate: what a request must pass before Streamlit sees anything of it."""
