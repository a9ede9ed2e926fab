package dev.gatehouse.shared.settings;

/** A host name or address and a port, written {@code HOST:PORT}, IPv6 in brackets. */
public record HostPort(String host, int port) {}
