package dev.gatehouse.admin.http;

import dev.gatehouse.admin.contract.Violation;
import java.time.Duration;
import java.util.List;

/** A request that is not done. All of it is shown to whoever asked. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ApiError error;
    private final transient List<Violation> violations;
    private final Duration retryAfter;

    private ApiException(ApiError error, String detail, List<Violation> violations, Duration retryAfter) {
        super(detail, null, false, false);
        this.error = error;
        this.violations = violations;
        this.retryAfter = retryAfter;
    }

    public static ApiException of(ApiError error, String detail) {
        return new ApiException(error, detail, List.of(), Duration.ZERO);
    }

    public static ApiException retry(ApiError error, String detail, Duration after) {
        return new ApiException(error, detail, List.of(), after);
    }

    public static ApiException invalid(List<Violation> violations) {
        Violation first = violations.getFirst();
        String detail = "'" + first.field() + "' must be " + first.allowed()
                + (violations.size() == 1 ? "" : "; " + violations.size() + " things are wrong");
        return new ApiException(ApiError.INVALID_REQUEST, detail, List.copyOf(violations), Duration.ZERO);
    }

    public static ApiException invalid(String field, Object value, String allowed) {
        return invalid(List.of(new Violation(field, value, allowed)));
    }

    public static ApiException notFound(String what, Object id) {
        return of(ApiError.NOT_FOUND, "no " + what + " has the id " + id);
    }

    public ApiError error() {
        return error;
    }

    List<Violation> violations() {
        return violations;
    }

    /** Zero if trying again makes no difference. */
    Duration retryAfter() {
        return retryAfter;
    }
}
