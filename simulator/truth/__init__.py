"""The true KPI values of a simulated company.

Computed from the world's own threads, sessions, posts and surveys by plain Python and arrays,
following the definitions. Nothing here reads an export or a model of the warehouse, and no SQL is
used.
"""

from simulator.truth.attribution import MODELS

# What the truth knows; other KPIs and slices are computed a second time elsewhere.
COVERED_KPIS = (
    *("K01", "K03", "K04", "K05", "K05_p90", "K06", "K07", "K08", "K12", "K12_median"),
    *("K13", "K13_72h", "K15", "K15_max", "K15_median", "K20", "K21"),
    *("K24", "K24_mean", "K24_final", "K24_final_mean", "K26", "K27", "K28", "K30"),
    *("K30_cross_team", "K43", "K44", "K48", "K49", "K49_engaged", "K50", "K51", "K51_share"),
    *("K53", "K53_posts", "K53_sessions", "K53_conversions"),
    *("K54", "K55", "K55_fractional", "K56", "K56_authors", "K57", "K58", "K58_unclassified"),
    *("K59", "K59_unacknowledged", "K60", "K61", "K61_day", "K62", "K62_profile"),
    *("K63", "K63_native", "K63_profile", "K64", "K64_profile", "K64_follower"),
    *("K65", "K65_follower", "K66", "K66_net", "K66_growth", "K67", "K67_ctr"),
    *("K68", "K68_share", "K69", "K70", "K70_ambiguous"),
    *(f"K71_{model}" for model in MODELS),
    *(f"K71_{model}_revenue" for model in MODELS),
    *("K72", "K72_share", "K73", "K73_revenue", "K73_social", "K73_social_revenue", "K74"),
    *("K75", "K75_index", "K75_match_rate", "K76", "K76_ignored", "K77"),
    *("K79_investment", "K79_innovation", "K84"),
)
COVERED_SLICES = ("overall", "network", "product", "topic", "team", "channel_group")
# Slices that the truth knows of some KPIs only.
OWN_SLICES = {
    "profile": (
        *("K61", "K61_day", "K62_profile", "K63_profile", "K64_profile"),
        *("K66", "K66_net", "K66_growth"),
    ),
    "publisher": ("K84",),
    "keyword": ("K54",),
    "hashtag": ("K56", "K56_authors"),
    "campaign": ("K56", "K56_authors", "K57"),
    "brand": ("K55", "K55_fractional", "K57"),
    "channel": ("K77",),
    "next_step": ("K53_sessions", "K53_conversions"),
}
