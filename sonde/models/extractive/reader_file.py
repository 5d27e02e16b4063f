"""The weights that a person names in place of those that ship."""

from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile, is_zipfile

from ...records.errors import SetupError
from .scorer import Weights, default_weights, read_weights

VARIABLE = "SONDE_READER"
"""Names the file of weights that `sonde train-reader` wrote."""


def weights_in_force(environ: Mapping[str, str]) -> Weights:
    """Return the weights of the file that SONDE_READER names, else those that ship.

    Raises:
        SetupError: The file cannot be read, or holds no weights of this version.
    """
    name = environ.get(VARIABLE, "").strip()
    return weights_at(Path(name).expanduser()) if name else default_weights()


def weights_at(path: Path) -> Weights:
    """Return the weights of a file.

    Raises:
        SetupError: The file cannot be read, or holds no weights of this version.
    """
    try:
        weights = read_weights(path.read_bytes())
    except OSError as err:
        why = err.strerror or str(err)
        raise SetupError(
            f"cannot read the reader {str(path)!r}: {why}; {VARIABLE} must name a file that"
            " `sonde train-reader` wrote, or be unset"
        ) from err
    except (BadZipFile, KeyError, ValueError, EOFError) as err:
        why = str(err) if is_zipfile(path) else "it is no .npz file"  # numpy advises to unpickle
        raise SetupError(
            f"{str(path)!r} holds no reader ({why}); make one with `sonde train-reader FILE...`,"
            f" or unset {VARIABLE}"
        ) from err
    shapes = {name: array.shape for name, array in default_weights().arrays.items()}
    own = {name: array.shape for name, array in weights.arrays.items()}
    if own != shapes:
        raise SetupError(
            f"the reader {str(path)!r} was made by another version of sonde; make it anew with"
            f" `sonde train-reader FILE...`, or unset {VARIABLE}"
        )
    return weights
