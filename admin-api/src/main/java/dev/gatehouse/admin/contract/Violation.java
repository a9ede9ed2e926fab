package dev.gatehouse.admin.contract;

/**
 * One thing that is wrong with a request.
 *
 * @param field name of the parameter, or path into the body such as {@code labels.site}
 * @param value what was given; null if nothing
 * @param allowed in words
 */
public record Violation(String field, Object value, String allowed) {}
