"""How old the parts of the warehouse may become before Dagster marks them.

Windows belong here, one for each kind of part. Whether the data in them is fresh, source by source
and day by day, is measured by the models (`kpi_data_quality`); these policies look at when
something was last written.
"""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

# Most tools are exported once a month, and nobody is quick about it every month.
LANDING = dg.FreshnessPolicy.time_window(
    warn_window=timedelta(days=33), fail_window=timedelta(days=45)
)

# A refresh runs every morning: two hours of grace, then a whole missed day.
DAILY = dg.FreshnessPolicy.time_window(
    warn_window=timedelta(hours=26), fail_window=timedelta(hours=50)
)
