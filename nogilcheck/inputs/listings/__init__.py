"""Lists of distributions as JSON: what pip reports, locks of Pex, and bills of materials."""
