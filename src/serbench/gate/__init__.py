"""The gate: two sides, their metrics and a policy become one verdict. Pure: nothing here measures, prints or exits."""
