"""The secrets of one environment: names in a table, values only while they are asked for."""
