package dev.gatehouse.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;

/** Bytes as tests write them down: one string for each field, with spaces where they help. */
public final class Hex {

    private Hex() {}

    public static Buffer hex(String... parts) {
        return Buffer.buffer(HexFormat.of().parseHex(String.join("", parts).replace(" ", "")));
    }
}
