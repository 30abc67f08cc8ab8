"""Take the browser files this service uses out of their npm packages.

    npm pack govuk-frontend@6.6.0 plotly.js-cartesian-dist-min@4.1.1
    python audit_app/static/vendor/vendor.py FOLDER_WITH_BOTH_ARCHIVES

Checks each archive against its checksum, writes the files beside this script, and prints the checksums of what it
wrote for README.md. Needs Chromium, which is asked for the style rules that Plotly would add to a page by itself.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOVUK = ("govuk-frontend-6.6.0.tgz", "52c4eb554e54d8a6e4ba801e9da5ec3a5b930fd2f117a39677f0b6296e954751")
PLOTLY = ("plotly.js-cartesian-dist-min-4.1.1.tgz", "c5f9a84666b97e571a04de689e09319869e60900e265c89eac2f71d0b5a0de88")
SOURCE_MAP = re.compile(r"\n?(//|/\*)# sourceMappingURL=\S+( \*/)?\n?")
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def member(folder: Path, package: tuple[str, str], name: str) -> str:
    """The text of one file of an archive, once the archive's checksum is the expected one."""
    archive, expected = package
    content = (folder / archive).read_bytes()
    if hashlib.sha256(content).hexdigest() != expected:
        raise SystemExit(f"{archive} is not the file this service was tested with.")
    with tarfile.open(folder / archive) as files:
        found = files.extractfile(f"package/{name}")
        if found is None:
            raise SystemExit(f"{archive} holds no {name}.")
        return found.read().decode()


def without_the_crown(css: str) -> str:
    """The style sheet without what belongs to GOV.UK alone: its typeface and the royal arms."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", "Arial,Helvetica,sans-serif")
    css = re.sub(r"[^{};]*:url\([^)]*govuk-crest\.svg\);?", "", css)
    if "GDS Transport" in css or "url(" in css:
        raise SystemExit("The style sheet still asks for a typeface or a picture.")
    return SOURCE_MAP.sub("\n", css)


def style_rules_of(script: str) -> str:
    """The rules Plotly adds to every page by script, which our content security policy does not let it do."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        (Path(folder) / "plotly.js").write_text(script)
        page.write_text(
            "<!doctype html><meta charset=utf-8><title>rules</title><script src=plotly.js></script><pre></pre><script>"
            "document.querySelector('pre').textContent = [...document.getElementById('plotly.js-style-global').sheet"
            ".cssRules].map((rule) => rule.cssText).join('\\n')</script>"
        )
        command = [*CHROMIUM, f"--user-data-dir={folder}/profile", "--dump-dom", page.as_uri()]
        shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    rules = re.search(r"<pre>(.+?)</pre>", shown, re.DOTALL)
    if not rules:
        raise SystemExit("Plotly added no style rules: has it changed how it does so?")
    return rules.group(1).replace("&gt;", ">").replace("&amp;", "&") + "\n"


def main(folder: Path) -> None:
    """Write every vendored file and print its checksum."""
    plotly = member(folder, PLOTLY, "plotly-cartesian.min.js")
    written = {
        "govuk-frontend/govuk-frontend.min.css": without_the_crown(
            member(folder, GOVUK, "dist/govuk/govuk-frontend.min.css")
        ),
        "govuk-frontend/govuk-frontend.min.js": SOURCE_MAP.sub(
            "\n", member(folder, GOVUK, "dist/govuk/govuk-frontend.min.js")
        ),
        "plotly/plotly-cartesian.min.js": plotly,
        "plotly/plotly-style-global.css": style_rules_of(plotly),
        "plotly/LICENSE": member(folder, PLOTLY, "LICENSE"),
    }
    for name, text in written.items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
