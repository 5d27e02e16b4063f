"""The part of scikit-learn that the tests use; the package ships no types."""
