"""Begins in the application's interpreter: says what it is, or replays. Written so that any Python can read it.

It is run by its path. The harness is not installed there, so that its package is found from this file.
"""

import json
import os
import sys


def look():
    # type: () -> dict[str, object]
    """Return what this interpreter is, and what it has of the SDK."""
    found = {"python": "%d.%d.%d" % sys.version_info[:3], "temporalio": None, "error": "", "folders": []}  # type: dict[str, object]
    if sys.version_info < (3, 8):
        return found
    import importlib.metadata
    import importlib.util
    import sysconfig

    if importlib.util.find_spec("temporalio") is None:
        return found
    try:
        import temporalio.worker

        found["temporalio"] = importlib.metadata.version("temporalio")
        found["folders"] = [sysconfig.get_paths()["stdlib"], os.path.dirname(temporalio.__file__)]
    except BaseException as error:
        found["error"] = "%s: %s" % (type(error).__name__, error)
    return found


def find_harness():
    # type: () -> None
    """Let the harness's modules be imported, and nothing that is installed beside them."""
    import importlib.util

    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = os.path.join(folder, "__init__.py")
    spec = importlib.util.spec_from_file_location("harness", path, submodule_search_locations=[folder])
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["harness"] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    # Python puts the folder of a program there; this one has modules with names of others.
    sys.path[:] = [one for one in sys.path if one != os.path.dirname(os.path.abspath(__file__))]
    if sys.argv[1:] == ["look"]:
        print(json.dumps(look()))
        sys.exit()
    find_harness()
    from harness.application_side.child_io import main
    from harness.application_side.replay_main import serve

    main(serve)
