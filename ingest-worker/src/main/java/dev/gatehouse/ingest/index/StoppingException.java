package dev.gatehouse.ingest.index;

/** Indexing ends here; what was claimed is for others. */
final class StoppingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StoppingException() {
        super("indexing stops");
    }
}
