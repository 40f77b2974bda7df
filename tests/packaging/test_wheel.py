import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.readme import shared_files

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that people install, built from this tree without a network."""
    pytest.importorskip("hatchling", reason="the build backend is installed by `make`")
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_styles_and_samples(wheel: Path) -> None:
    """Both lie outside the package in the repository and inside it once installed."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert any(name.startswith("reader/_seeds/") for name in names)
    assert any(name.startswith("reader/_styles/") and name.endswith(".tcss") for name in names)
    assert "reader/py.typed" in names


def test_the_wheel_carries_the_manual_and_completions(wheel: Path) -> None:
    """An installation puts them where man and the shells look; they fit the command table."""
    with zipfile.ZipFile(wheel) as archive:
        data = {
            name.partition(".data/data/share/")[2]: archive.read(name).decode()
            for name in archive.namelist()
            if ".data/data/share/" in name
        }
    assert data == shared_files()


def test_the_wheel_carries_licence_and_notice(wheel: Path) -> None:
    """The notice names the data of others, so it is installed with the program."""
    with zipfile.ZipFile(wheel) as archive:
        names = {Path(name).name for name in archive.namelist() if ".dist-info/licenses/" in name}
    assert names == {"LICENSE", "NOTICE"}


def test_the_source_archive_carries_licence_and_notice(tmp_path: Path) -> None:
    """The source archive has the same two files as the wheel."""
    pytest.importorskip("hatchling", reason="the build backend is installed by `make`")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {Path(name).name for name in archive.getnames() if name.count("/") == 1}
    assert names >= {"LICENSE", "NOTICE"}


def test_the_program_starts_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """Unpacked anywhere, it finds its own styles and samples, not those of a checkout."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = "from reader import resources; print(resources.styles()); print(resources.sample_articles())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [
        str(tmp_path / "reader" / "_styles"),
        str(tmp_path / "reader" / "_seeds"),
    ]
    said = subprocess.run(
        [sys.executable, "-m", "reader", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.startswith("reader ")
