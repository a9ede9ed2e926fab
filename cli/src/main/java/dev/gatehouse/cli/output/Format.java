package dev.gatehouse.cli.output;

/** How a listing is printed; in lower case, as it is typed. */
public enum Format {
    table,
    json,
    yaml
}
