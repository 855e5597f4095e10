"""The few error types of the product. Their messages say what was expected, found, where, and what to do.

Types live here, one for each thing a person can act on. Raising, catching and wording belong to the
modules that know the place: file, row and column, check and table, or setting.
"""


class WarehouseError(Exception):
    """Anything the product refuses or cannot do, worded for the person who has to act."""


class SettingsError(WarehouseError):
    """A setting is unknown, impossible or not supported. The message names the variable."""


class ProjectError(WarehouseError):
    """The dbt project does not parse. The message carries dbt's own words."""


class AuditError(WarehouseError):
    """A check on the marts failed, so nothing was published. The message names it and shows rows."""


class CheckCrashedError(WarehouseError):
    """A check could not be evaluated at all, which says nothing about the data."""


class PublishError(WarehouseError):
    """The marts could not be published. Serving is as it was."""
