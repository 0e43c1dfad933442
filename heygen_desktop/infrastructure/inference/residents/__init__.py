"""Processes that keep models loaded, and how others of the same user and home reach them.

A resident listens on a local socket (a pipe on Windows). Its address and key stand in a file of the
home that only the user can read; both sides prove that they know the key before a word is said.
What crosses is JSON, checked by type on both sides; nothing is unpickled.
"""
