"""``python -m tests.docs`` writes the generated parts of the documentation anew."""

from __future__ import annotations

from tests.docs.pages import pages, with_generated_parts

for page in pages():
    text = page.read_text(encoding="utf-8")
    page.write_text(with_generated_parts(text), encoding="utf-8")
