package dev.gatehouse.agent.source.tail;

import dev.gatehouse.agent.source.EventWriter;
import dev.gatehouse.protocol.message.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * One open file that lines are read from. It stays open when it is renamed or deleted, until nothing more comes. Confined to its source's thread.
 *
 * <p>Only whole lines are taken, from the last line's end again each time, so that nothing of a line is kept in memory; a line longer than {@link EventWriter#MAX_TEXT} is taken in pieces, and a last line without an end is
 * taken when the file is given up or nothing was added for a while.
 */
final class TailedFile implements AutoCloseable {

    private static final int HEAD_BYTES = 256;
    private static final int GROWTH = 3;

    /** Length of the buffer that is to be given. */
    static final int READ_BYTES = 256 * 1024;

    /** What a last line without an end means. */
    enum LastLine {
        WAITS,
        PAUSES,
        ENDS
    }

    final Path path;
    final String file;
    private final String application;
    private final FileChannel channel;
    private TailPlace place;
    private long offset;
    private long size;
    private boolean insideLine;
    private long partialAt = -1; // size at which a partial line was seen: nothing to do until it changes
    private long grownNanos = System.nanoTime();

    /** When its path was first seen to be another file, or none. */
    long leftNanos;

    TailedFile(Path path, String application) throws IOException {
        this(path, path, application);
    }

    /** @param path under which it was known, if it has been renamed since */
    TailedFile(Path found, Path path, String application) throws IOException {
        this.path = path;
        this.application = application;
        this.channel = FileChannel.open(found, StandardOpenOption.READ);
        this.file = number(found);
        this.place = new TailPlace(path, file, 0, 0);
    }

    /** The file's number in the file system. */
    static String number(Path path) throws IOException {
        return Files.getAttribute(path, "unix:dev") + "-" + Files.getAttribute(path, "unix:ino");
    }

    /** Goes on where an earlier run of the agent was, if this is the file that it read. */
    void resume(TailPlace.Saved saved) throws IOException {
        if (channel.size() >= saved.offset() && headCrc(saved.headLength()) == saved.headCrc()) {
            offset = saved.offset();
            place = new TailPlace(path, file, saved.headLength(), saved.headCrc());
        }
    }

    TailPlace place() {
        return place;
    }

    long offset() {
        return offset;
    }

    long size() {
        return size;
    }

    /** Whether all that is there was read and nothing came for so long. */
    boolean isQuietFor(long nanos, long nowNanos) {
        return nowNanos - grownNanos >= nanos;
    }

    /** Reads at most a buffer full. @return whether there may be more at once */
    boolean read(EventWriter writer, byte[] buffer) throws IOException, InterruptedException {
        long now = channel.size();
        if (now != size) {
            grownNanos = System.nanoTime();
            if (now < offset || !checkHead(now)) {
                restart();
            }
            size = now;
        } else if (now == offset || now == partialAt) {
            return false;
        }
        return take(writer, buffer, LastLine.WAITS);
    }

    /** Takes a last line that has no end. */
    void readRest(EventWriter writer, byte[] buffer, LastLine lastLine) throws IOException, InterruptedException {
        while (take(writer, buffer, lastLine)) {
            // until the end
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private boolean take(EventWriter writer, byte[] buffer, LastLine lastLine)
            throws IOException, InterruptedException {
        int length = Math.max(0, channel.read(ByteBuffer.wrap(buffer, 0, READ_BYTES), offset));
        long from = offset;
        int at = 0;
        while (at < length) {
            int newline = newline(buffer, at, length);
            int end = newline >= 0 ? newline : length;
            boolean atEnd = newline < 0 && length < READ_BYTES;
            int cut = cut(buffer, at, end);
            if (cut == end && newline < 0 && !(atEnd && lastLine != LastLine.WAITS)) {
                break; // not whole yet
            }
            boolean whole = cut == end && (newline >= 0 || lastLine == LastLine.ENDS);
            int next = cut == end && newline >= 0 ? cut + 1 : cut;
            int textEnd = next > cut && cut > at && buffer[cut - 1] == '\r' ? cut - 1 : cut;
            emit(writer, buffer, at, textEnd, from + at, from + next, !whole);
            at = next;
        }
        partialAt = at < length ? from + length : -1;
        return at > 0 && length == READ_BYTES;
    }

    private void emit(
            EventWriter writer, byte[] buffer, int start, int end, long lineOffset, long next, boolean continued)
            throws InterruptedException {
        Event.Builder event = Event.newBuilder()
                .setTime(System.currentTimeMillis() * 1000)
                .setKind("log")
                .setApplication(application)
                .setText(new String(buffer, start, end - start, StandardCharsets.UTF_8))
                .putAttributes("path", path.toString())
                .putAttributes("offset", Long.toString(lineOffset));
        if (continued || insideLine) {
            event.putAttributes("part", insideLine ? continued ? "middle" : "last" : "first");
        }
        writer.add(event.build(), place, next);
        insideLine = continued;
        offset = next;
    }

    private static int newline(byte[] buffer, int from, int to) {
        for (int i = from; i < to; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Where the text from {@code from} is cut: at {@code end} if it fits into an event, and otherwise before, not inside a character. */
    private static int cut(byte[] buffer, int from, int end) {
        if (end - from <= EventWriter.MAX_TEXT && grown(buffer, from, end) <= EventWriter.MAX_TEXT) {
            return end;
        }
        int cut = from + EventWriter.MAX_TEXT;
        if (grown(buffer, from, Math.min(cut, end)) > EventWriter.MAX_TEXT) {
            cut = from + EventWriter.MAX_TEXT / GROWTH;
        }
        int back = cut;
        while (cut - back < 3 && (buffer[back] & 0xC0) == 0x80) {
            back--;
        }
        return (buffer[back] & 0xC0) == 0x80 ? cut : back;
    }

    /** Length of the text as an event has it: bytes that are no UTF-8 are replaced by longer ones. */
    private static int grown(byte[] buffer, int from, int to) {
        return (to - from) * GROWTH <= EventWriter.MAX_TEXT
                ? to - from
                : new String(buffer, from, to - from, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8).length;
    }

    private void restart() {
        offset = 0;
        insideLine = false;
        place = new TailPlace(path, file, 0, 0);
    }

    /** Whether the file still begins as it did; learns more of its beginning while it is short. */
    private boolean checkHead(long length) throws IOException {
        if (headCrc(place.headLength()) != place.headCrc()) {
            return false;
        }
        int head = (int) Math.min(HEAD_BYTES, length);
        if (head > place.headLength()) {
            place = new TailPlace(path, file, head, headCrc(head));
        }
        return true;
    }

    private int headCrc(int length) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(length);
        while (head.hasRemaining() && channel.read(head, head.position()) >= 0) {
            // until it is full or the file ends
        }
        if (length == 0) {
            return 0;
        }
        CRC32C crc = new CRC32C();
        crc.update(head.flip());
        return (int) crc.getValue();
    }
}
