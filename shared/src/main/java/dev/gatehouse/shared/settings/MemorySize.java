package dev.gatehouse.shared.settings;

/** A number of bytes; written {@code 64KiB}, {@code 8MiB}, {@code 2GiB} or plain bytes. */
public record MemorySize(long bytes) {}
