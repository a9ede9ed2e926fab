package dev.gatehouse.protocol.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProofTest {

    private static final ByteString SECRET = ByteString.copyFrom(new byte[Proof.SECRET_BYTES]);
    private static final UUID TUNNEL = new UUID(1, 2);

    /** As {@code printf 'gatehouse/1 resume\0\0…' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…} says it. */
    @Test
    void isTheHmacOfContextTunnelAttachmentAndNumber() {
        assertThat(HexFormat.of().formatHex(Proof.of(SECRET, TUNNEL, 3, 4).toByteArray()))
                .isEqualTo("e0182fc188bb0330bb34f94f63ac2cdabe7dce35bd6f4f748606b5077352e6d9");
    }

    @Test
    void holdsForNothingElse() {
        ByteString proof = Proof.of(SECRET, TUNNEL, 3, 4);
        ByteString other = Proof.newSecret();
        assertThat(Proof.holds(proof, SECRET, TUNNEL, 3, 4)).isTrue();
        assertThat(Proof.holds(proof, SECRET, TUNNEL, 4, 4)).isFalse();
        assertThat(Proof.holds(proof, SECRET, TUNNEL, 3, 5)).isFalse();
        assertThat(Proof.holds(proof, SECRET, new UUID(1, 3), 3, 4)).isFalse();
        assertThat(Proof.holds(proof, other, TUNNEL, 3, 4)).isFalse();
        assertThat(Proof.holds(ByteString.EMPTY, SECRET, TUNNEL, 3, 4)).isFalse();
    }
}
