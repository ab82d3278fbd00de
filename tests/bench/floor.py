"""One number and two selectboxes, stock settings: what Streamlit itself costs at the least."""

import streamlit as st

townships = ["全县", *(f"第{n}镇" for n in range(1, 16))]
township = st.selectbox("乡镇", townships, key="township")
year = st.selectbox("年度", list(range(2014, 2026)), index=11, key="year")
st.metric("贫困发生率", f"{(2026 - year) * (1 + townships.index(township)):.1f}%")
