package dev.gatehouse.agent.uplink;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** Why nothing could be dialled, for people. */
final class DialFailure {

    /** The innermost cause says it; a certificate that is not yet or no longer valid is often this machine's clock. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean clock =
                cause instanceof CertificateNotYetValidException || cause instanceof CertificateExpiredException;
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return clock ? text + " (is this machine's clock right?)" : text;
    }

    private DialFailure() {}
}
