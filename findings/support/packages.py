"""Make empty wheels and sdists, and serve them as a package index on the loopback interface (PEP 503, 658, 691)."""

import argparse
import base64
import hashlib
import http.server
import io
import json
import pathlib
import re
import tarfile
import zipfile

BACKEND = """
import base64, hashlib, pathlib, zipfile

def build_wheel(directory, config_settings=None, metadata_directory=None):
    name, version = {name!r}, {version!r}
    folder = f"{{name}}-{{version}}.dist-info"
    target = f"{{name}}-{{version}}-py3-none-any.whl"
    members = {{
        f"{{folder}}/METADATA": pathlib.Path("PKG-INFO").read_text(),
        f"{{folder}}/WHEEL": "Wheel-Version: 1.0\\nGenerator: by-hand\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }}
    with zipfile.ZipFile(pathlib.Path(directory) / target, "w") as archive:
        for path, text in members.items():
            archive.writestr(path, text)
        archive.writestr(f"{{folder}}/RECORD", "".join(f"{{path}},,\\n" for path in [*members, f"{{folder}}/RECORD"]))
    return target
"""


def metadata(name: str, version: str, options: argparse.Namespace) -> str:
    """Core metadata with what the options say."""
    lines = ["Metadata-Version: 2.2", f"Name: {name}", f"Version: {version}"]
    if options.requires_python:
        lines.append(f"Requires-Python: {options.requires_python}")
    lines += [f"Provides-Extra: {extra}" for extra in options.extra]
    lines += [f"Requires-Dist: {requirement}" for requirement in options.requires]
    return "\n".join(lines) + "\n"


def make_wheel(options: argparse.Namespace) -> None:
    """Write the wheel that is called `options.file`, and beside it what the index says of it."""
    parts = options.file.removesuffix(".whl").split("-")
    name, version = parts[:2]
    folder = f"{name}-{version}.dist-info"
    text = metadata(name, version, options)
    tags = [
        f"{py}-{abi}-{plat}"
        for py in parts[-3].split(".")
        for abi in parts[-2].split(".")
        for plat in parts[-1].split(".")
    ]
    build = f"Build: {parts[2]}\n" if len(parts) == 6 else ""
    header = f"Wheel-Version: 1.0\nGenerator: by-hand\nRoot-Is-Purelib: true\n{build}" + "".join(
        f"Tag: {tag}\n" for tag in tags
    )
    members = {f"{name}.py": f"FILE = {options.file!r}\n", f"{folder}/METADATA": text, f"{folder}/WHEEL": header}
    record = "".join(f"{path},{_record_digest(content)},{len(content)}\n" for path, content in members.items())
    members[f"{folder}/RECORD"] = record + f"{folder}/RECORD,,\n"
    with zipfile.ZipFile(options.index / options.file, "w") as archive:
        for path, content in members.items():
            archive.writestr(zipfile.ZipInfo(path), content)
    (options.index / f"{options.file}.metadata").write_text(text)
    _note(options, options.file)


def make_sdist(options: argparse.Namespace) -> None:
    """Write an sdist that builds with nothing but the standard library."""
    name, version = options.name, options.version
    members = {
        "PKG-INFO": metadata(name, version, options),
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "backend.py": BACKEND.format(name=name, version=version),
    }
    file = f"{name}-{version}.tar.gz"
    with tarfile.open(options.index / file, "w:gz") as archive:
        for path, content in members.items():
            member = tarfile.TarInfo(f"{name}-{version}/{path}")
            member.size = len(content.encode())
            archive.addfile(member, io.BytesIO(content.encode()))
    _note(options, file)


def _record_digest(content: str) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()


def _note(options: argparse.Namespace, file: str) -> None:
    said: dict[str, object] = {"yanked": options.yanked}
    if options.uploaded:
        said["upload-time"] = options.uploaded
    if options.requires_python:
        said["requires-python"] = options.requires_python
    (options.index / f"{file}.said").write_text(json.dumps(said))


class Index(http.server.SimpleHTTPRequestHandler):
    """Project pages as JSON, and the files."""

    def do_GET(self) -> None:
        """Answer `/simple/NAME/` with the files of a project and anything else from the folder."""
        page = re.fullmatch(r"/simple/([^/]+)/", self.path)
        if page is None:
            super().do_GET()
            return
        files = [
            self._file(path)
            for path in sorted(pathlib.Path(self.directory).iterdir())
            if self._is_of(path.name, page[1])
        ]
        if not files:
            self.send_error(404)
            return
        versions = sorted({re.sub(r"\.tar\.gz$", "", str(file["filename"])).split("-")[1] for file in files})
        document: dict[str, object] = {
            "meta": {"api-version": "1.1"},
            "name": page[1],
            "versions": versions,
            "files": files,
        }
        status = pathlib.Path(self.directory) / f"{page[1]}.status"
        if status.exists():
            document["meta"] = {"api-version": "1.4"}
            document["project-status"] = {"status": status.read_text().strip()}
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.pypi.simple.v1+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @staticmethod
    def _is_of(file: str, project: str) -> bool:
        return (
            file.endswith((".whl", ".tar.gz")) and file.split("-", maxsplit=1)[0].replace("_", "-").lower() == project
        )

    @staticmethod
    def _file(path: pathlib.Path) -> dict[str, object]:
        sidecar = path.with_name(path.name + ".metadata")
        entry: dict[str, object] = {
            "filename": path.name,
            "url": f"/{path.name}".replace("+", "%2B"),
            "size": path.stat().st_size,
            "hashes": {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()},
        }
        if sidecar.exists():
            entry["core-metadata"] = {"sha256": hashlib.sha256(sidecar.read_bytes()).hexdigest()}
        return entry | json.loads(path.with_name(path.name + ".said").read_text())


def serve(options: argparse.Namespace) -> None:
    """Serve until stopped; the address of the index is the first line printed."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: Index(*args, directory=str(options.folder))
    )
    print(f"http://127.0.0.1:{server.server_port}/simple/", flush=True)
    server.serve_forever()


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--requires", action="append", default=[])
    shared.add_argument("--extra", action="append", default=[])
    shared.add_argument("--requires-python")
    shared.add_argument("--yanked", action="store_true")
    shared.add_argument("--uploaded", default="2026-01-01T00:00:00Z")
    shared.add_argument("--index", type=pathlib.Path, default=pathlib.Path("index"))
    wheel = commands.add_parser("wheel", parents=[shared])
    wheel.add_argument("file")
    wheel.set_defaults(run=make_wheel)
    sdist = commands.add_parser("sdist", parents=[shared])
    sdist.add_argument("name")
    sdist.add_argument("version")
    sdist.set_defaults(run=make_sdist)
    server = commands.add_parser("serve")
    server.add_argument("folder", type=pathlib.Path)
    server.set_defaults(run=serve)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
