"""`python -m portal.embedded start|stop|remove`: the embedded services by hand (`remove` deletes their data)."""

import sys

from portal import embedded

ACTIONS = {"start": embedded.ensure_started, "stop": embedded.stop, "remove": embedded.remove}


def main(arguments: list[str]) -> int:
    """Run one action on DATA_DIR; 0 done, 1 refused, 2 wrong use."""
    if len(arguments) != 1 or arguments[0] not in ACTIONS:
        sys.stderr.write(f"Usage: python -m portal.embedded {'|'.join(ACTIONS)}\n")
        return 2
    try:
        ACTIONS[arguments[0]](embedded.data_dir())
    except embedded.EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
