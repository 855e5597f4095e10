"""Every stream the warehouse reads.

One line a source module. Adding a source is a module of declarations and its name here.
"""

from orchestration.errors import DeclarationError
from orchestration.exports import (
    ad_spend,
    costs,
    crm,
    customer_support_on_twitter,
    facebook,
    ga4,
    instagram,
    linkedin,
    listening,
    maturity,
    phone,
    ringcentral_engage,
    sparkcentral,
    sprout_social,
    surveys,
    vip,
    web_events,
    x,
    youtube,
    zendesk,
)
from orchestration.exports.contract import Stream

STREAMS: tuple[Stream, ...] = (
    *ringcentral_engage.STREAMS,
    *sprout_social.STREAMS,
    *sparkcentral.STREAMS,
    *zendesk.STREAMS,
    *customer_support_on_twitter.STREAMS,
    *x.STREAMS,
    *facebook.STREAMS,
    *instagram.STREAMS,
    *linkedin.STREAMS,
    *youtube.STREAMS,
    *ga4.STREAMS,
    *web_events.STREAMS,
    *surveys.STREAMS,
    *crm.STREAMS,
    *ad_spend.STREAMS,
    *costs.STREAMS,
    *maturity.STREAMS,
    *phone.STREAMS,
    *listening.STREAMS,
    *vip.STREAMS,
)

_BY_FOLDER = {stream.folder: stream for stream in STREAMS}


def stream(folder: str) -> Stream:
    """The stream declared for a folder of the landing zone.

    Args:
        folder: `<source>/<stream>`, e.g. `x/posts`.

    Raises:
        DeclarationError: no stream is declared for that folder.
    """
    try:
        return _BY_FOLDER[folder]
    except KeyError:
        raise DeclarationError(
            f"no stream is declared for {folder!r}; expected one of {', '.join(sorted(_BY_FOLDER))}"
        ) from None
