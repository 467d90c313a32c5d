"""The program that lies in the vault: with a paper and an empty machine, that is enough."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

import station as stations
from hospital import Serving, free_ports, run

# What every Linux has, by the names that the loader looks for.
C_LIBRARY = re.compile(
    r"(ld-linux.*|lib(anl|c|dl|m|pthread|resolv|rt|util)|libnss_.*)\.so(\.\d+)*|linux-vdso\.so\.1|linux-gate\.so\.1")


@pytest.fixture
def hospital(tmp_path):
    """A folder with a sample hospital, and its paper."""
    data, paper, vault = tmp_path / "one", tmp_path / "paper.txt", tmp_path / "vault"
    run(data, "init", "--station", "adm-1", "--sample", "20")
    run(data, "key", "new", "--paper", paper)
    vault.mkdir()
    return data, paper, vault


def program(vault):
    """The one folder of a program that lies in this vault."""
    [folder] = (vault / "program").iterdir()
    return folder


def copied(folder, to):
    """As the script's second line says."""
    shutil.copytree(folder, to)
    return to


def libraries(program, environment=None):
    """The name of each that the loader looks for, and what it finds."""
    listed = subprocess.run(["ldd", program], env=environment, capture_output=True, text=True, timeout=60)
    assert listed.returncode == 0, listed.stderr
    found = re.findall(r"^\s*(\S+)(?: => (\S+))?", listed.stdout, re.MULTILINE)
    return {pathlib.Path(name).name: pathlib.Path(path or name) for name, path in found}


def test_every_library_lies_there(tmp_path, hospital):
    data, paper, vault = hospital
    assert "programFailure" not in run(data, "vault", "seal", "--to", vault)
    folder = copied(program(vault), tmp_path / "program")
    (folder / "permanence").chmod(0o700)
    assert (folder / "permanence").read_bytes() == stations.BINARY.read_bytes()
    needed = {
        name: path for name, path in libraries(
            folder / "permanence", {**os.environ, "LD_LIBRARY_PATH": str(folder)}).items()
        if not C_LIBRARY.fullmatch(name)}
    assert len(needed) > 5, needed
    assert {name: path for name, path in needed.items() if path != folder / name} == {}


class EmptyMachine:
    """A root with the C library and a shell."""

    # A mount namespace of its own: /proc is there, as on every machine, and nothing stays behind.
    OWN = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])]

    def __init__(self, root):
        self.root = root
        (root / "proc").mkdir(parents=True)
        for tool in ("sh", "chmod", "dirname"):
            self.bring(shutil.which(tool), f"/bin/{tool}")
        for name, path in libraries(stations.BINARY).items():
            if C_LIBRARY.fullmatch(name) and path.is_absolute():
                self.bring(path, path)

    def bring(self, path, to):
        place = pathlib.Path(f"{self.root}{to}")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)

    def alone(self, script, *arguments):
        return subprocess.run(
            [*self.OWN, "sh", "-c", f'mount --rbind /proc "$0/proc" && {script}', self.root, *arguments],
            env={"PATH": "/bin:/usr/bin:/usr/sbin:/sbin"}, capture_output=True, text=True, timeout=120)

    def run(self, *command):
        return self.alone('exec chroot "$0" /bin/sh "$@"', *command)


def test_a_vault_a_paper_and_an_empty_machine(tmp_path, hospital):
    data, paper, vault = hospital
    run(data, "vault", "seal", "--to", vault)
    machine = EmptyMachine(tmp_path / "machine")
    able = machine.alone("true")
    if able.returncode != 0:
        pytest.skip(f"no root of its own can be made here: {able.stderr}")
    copied(program(vault), machine.root / "program")
    copied(vault, machine.root / "vault")
    shutil.copy(paper, machine.root / "paper.txt")
    restored = machine.run(
        "/program/permanence.sh", "restore", "--from", "/vault", "--key", "/paper.txt", "--station", "secours-1",
        "--data", "/data", "--json")
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["missing"] == []
    digest = machine.run("/program/permanence.sh", "digest", "--data", "/data", "--json")
    assert json.loads(digest.stdout)["digest"] == run(data, "digest")["digest"]


def test_upgraded_under_a_station_that_serves(tmp_path, hospital, monkeypatch):
    """Installed under another name, and taken away since it was started: what runs is what lies there."""
    data, paper, vault = hospital
    installed = tmp_path / "permanence-2022"
    shutil.copy(stations.BINARY, installed)
    monkeypatch.setattr(stations, "BINARY", installed)
    serving = Serving(data, free_ports())
    monkeypatch.undo()
    try:
        installed.unlink()
        assert "programFailure" not in run(data, "vault", "seal", "--to", vault)
    finally:
        serving.kill()
    assert (program(vault) / "permanence").read_bytes() == stations.BINARY.read_bytes()


def test_a_program_that_cannot_be_put_there_is_named(hospital):
    """And stops nothing: the copies are there, and their locks were renewed before."""
    data, paper, vault = hospital
    (vault / "program").write_text("a file is in its way")
    sealed = run(data, "vault", "seal", "--to", vault)
    assert sealed["snapshots"] == 1 and sealed["segments"] >= 1
    assert f"{vault}/program/" in sealed["programFailure"]
