"""From a page to a file to print: the one function that knows WeasyPrint."""

from __future__ import annotations


def render_pdf(html: str, identifier: str) -> bytes:
    """A tagged PDF/UA file. The same words and identifier give the same bytes."""
    from weasyprint import HTML  # slow, and few pages need it
    from weasyprint.urls import URLFetcher  # as above

    # Opens what stands in the page itself; no file of this machine and no host.
    closed = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    pdf = HTML(string=html, url_fetcher=closed).write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode())
    assert isinstance(pdf, bytes)  # None only when a target is given
    return pdf
