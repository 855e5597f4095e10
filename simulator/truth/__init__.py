"""The true KPI values of a simulated company.

Computed from the world's own threads, sessions, posts and surveys by plain Python and arrays,
following the definitions. Nothing here reads an export or a model of the warehouse, and no SQL is
used.
"""

# What the truth knows; other KPIs and slices are computed a second time elsewhere.
COVERED_KPIS = (
    *("K01", "K03", "K04", "K05", "K05_p90", "K06", "K07", "K08", "K12", "K12_median"),
    *("K13", "K13_72h", "K15", "K15_max", "K15_median", "K20", "K21"),
    *("K24", "K24_mean", "K24_final", "K24_final_mean", "K26", "K27", "K28", "K30"),
    *("K30_cross_team", "K43", "K44", "K48", "K50"),
    *("K62", "K63", "K63_native", "K64", "K65", "K68", "K68_share", "K69"),
    *("K71_last_touch", "K71_last_non_direct", "K71_first_touch", "K71_linear"),
    *("K71_last_touch_revenue", "K71_last_non_direct_revenue"),
    *("K71_first_touch_revenue", "K71_linear_revenue"),
)
COVERED_SLICES = ("overall", "network", "product", "topic", "team", "channel_group")
