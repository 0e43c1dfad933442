"""What a model's files are, read from their headers: no weight is read and no code is run.

Whatever reads a file may raise what ``Disk`` raises; a docstring names what comes besides.
"""
