"""Other programs' formats, one module each: bytes to model values and back."""
