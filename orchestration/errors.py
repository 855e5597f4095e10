"""The few error types of the product: what was expected, what was found, where, what to do next.

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
    """A check on the marts failed, so nothing is published. The message names it, with rows."""


class CheckCrashedError(WarehouseError):
    """A check could not be evaluated at all, which says nothing about the data."""


class PublishError(WarehouseError):
    """The marts could not be published. Serving is as it was."""


class ReviewError(WarehouseError):
    """A review cannot be written from what is published. The review that was there stays."""


class ClosingError(WarehouseError):
    """A period cannot be closed, or a closed one is not as it was. Nothing was changed."""


class DeclarationError(WarehouseError):
    """A declared stream or column contradicts itself, or names something that does not exist."""


class ConservationError(WarehouseError):
    """Rows read are not rows kept plus rows set aside: a fault of ours, never of the data."""


class FileRejectedError(WarehouseError):
    """A landing file that cannot be read as its stream; it goes to quarantine whole.

    Attributes:
        problem: what is wrong, in a few words.
        expected: what a readable file would have had.
        found: what this one has.
        remedy: what to do next.
        column: the column it is about, if it is about one.
    """

    def __init__(
        self,
        problem: str,
        *,
        expected: str = "",
        found: str = "",
        remedy: str = "",
        column: str | None = None,
    ) -> None:
        self.problem = problem
        self.expected = expected
        self.found = found
        self.remedy = remedy
        self.column = column
        parts = [problem]
        if expected:
            parts.append(f"expected {expected}")
        if found:
            parts.append(f"found {found}")
        if remedy:
            parts.append(remedy)
        super().__init__("; ".join(parts))
