"""Build parts pyproject.toml cannot say: the optional C kernel, fixtures/ and web/ inside the wheel."""

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # setuptools < 70.1
    from wheel.bdist_wheel import bdist_wheel


class BuildKernel(build_ext):
    """Names the kernel without a Python tag: it is plain C, called by ctypes."""

    def get_ext_filename(self, fullname: str) -> str:
        """`lumad/sampling/_kernel.abi3.so` for every Python."""
        return fullname.replace(".", "/") + ".abi3.so"

    def get_export_symbols(self, ext: Extension) -> list[str]:
        """No `PyInit_`: there is no Python in it."""
        return ext.export_symbols


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
            ["lumad/sampling/_kernel.c"],
            extra_compile_args=["-O3", "-std=c11", "-fno-math-errno"],
            optional=True,
        )
    ],
    cmdclass={"build_ext": BuildKernel, "bdist_wheel": Abi3Wheel},
    package_dir={"lumad": "lumad", "lumad.fixtures": "fixtures", "lumad.web": "web"},
    packages=[],
)
