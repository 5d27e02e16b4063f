"""The part of threadpoolctl that tests and scripts use; the package ships no types."""

from contextlib import AbstractContextManager

def threadpool_limits(limits: int) -> AbstractContextManager[object]: ...
