package dev.gatehouse.shared.store;

/** The store did not do what was asked; whether a write has happened is unknown. */
public class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** No object has the key. */
    public static final class Missing extends StoreException {

        private static final long serialVersionUID = 1;

        public Missing(String key) {
            super("no object " + key, null);
        }
    }

    /** The store has no room left; nothing was written. */
    public static final class Full extends StoreException {

        private static final long serialVersionUID = 1;

        public Full(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
