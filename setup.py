"""Build parts pyproject.toml cannot say: the optional C parts, fixtures/ and web/ inside the wheel."""

import shutil
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py


class BuildKernel(build_ext):
    """Names the C parts without a Python tag: they are plain C, called by ctypes."""

    def get_ext_filename(self, fullname: str) -> str:
        """`lumad/sampling/_kernel.abi3.so` for every Python."""
        return fullname.replace(".", "/") + ".abi3.so"

    def get_export_symbols(self, ext: Extension) -> list[str]:
        """No `PyInit_`: there is no Python in them."""
        return ext.export_symbols


class BuildPackage(build_py):
    """Puts fixtures/ and web/ inside the package; in a checkout they are found beside it."""

    def run(self) -> None:
        """As ever, then the two folders."""
        super().run()
        if not self.editable_mode:
            for folder in ("fixtures", "web"):
                shutil.copytree(folder, Path(self.build_lib, "lumad", folder), dirs_exist_ok=True)


class Abi3Wheel(bdist_wheel):
    """One wheel per architecture serves every Python from 3.11 on."""

    def get_tag(self) -> tuple[str, str, str]:
        """`cp311-abi3-PLATFORM`."""
        python, abi, platform = super().get_tag()
        return ("cp311", "abi3", platform) if python.startswith("cp") else (python, abi, platform)


setup(
    ext_modules=[
        Extension(
            "lumad.sampling._kernel",
            [f"lumad/sampling/{name}.c" for name in ("_kernel", "_ootf", "_statistics", "_vbmi")],
            depends=["lumad/sampling/_kernel.h"],
            # a vectorised table loop gathers, at 1.5 times the cost; fused products would round otherwise
            extra_compile_args=[
                *("-O3", "-std=c11", "-fno-math-errno"),
                *("-fno-tree-vectorize", "-ffp-contract=off"),
            ],
            optional=True,
        ),
        Extension("lumad._order", ["lumad/_order.c"], extra_compile_args=["-std=c11"], optional=True),
    ],
    cmdclass={"build_ext": BuildKernel, "build_py": BuildPackage, "bdist_wheel": Abi3Wheel},
)
