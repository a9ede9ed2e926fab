package dev.gatehouse.ingest.commit;

import dev.gatehouse.shared.settings.CaptureSettings;

/**
 * @param inlineBelow bytes from which on a commit is a segment object
 * @param segmentMax bytes at which a segment is cut at the latest
 * @param uploads segments on their way to the store at once
 */
public record CommitLimits(long inlineBelow, long segmentMax, int uploads) {

    public static CommitLimits of(CaptureSettings settings) {
        return new CommitLimits(
                settings.inlineBelow().bytes(), settings.segmentMax().bytes(), settings.uploads());
    }
}
