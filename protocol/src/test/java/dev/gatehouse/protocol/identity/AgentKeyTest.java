package dev.gatehouse.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentKeyTest {

    @TempDir
    Path folder;

    @Test
    void comesBackFromItsFileWhichOnlyTheOwnerMayRead() throws IOException {
        // GIVEN a saved key, over an older one
        Path file = folder.resolve("agent.key");
        AgentKey.generate().save(file);
        AgentKey key = AgentKey.generate();
        key.save(file);
        // WHEN it is loaded
        AgentKey loaded = AgentKey.load(file);
        // THEN it is the same pair, and nothing else is left in the folder
        assertThat(loaded.publicKey()).isEqualTo(key.publicKey());
        assertThat(loaded.pem()).isEqualTo(key.pem()).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.toFile().list()).containsExactly("agent.key");
        // AND what one signs the other verifies
        var certificate = new TestCa("agents").agent(loaded, UUID.randomUUID());
        Buffer nonce = Buffer.buffer("nonce");
        assertThat(Signatures.linkMatches(certificate, nonce, Signatures.link(key, nonce)))
                .isTrue();
    }

    @Test
    void refusesWhatIsNoSuchKey() throws IOException {
        assertThatThrownBy(() -> AgentKey.parse("hello", "a.key"))
                .isInstanceOf(IOException.class)
                .hasMessage("no private key in a.key; unencrypted PKCS#8 PEM is needed");
        assertThatThrownBy(() -> AgentKey.parse(Pem.write("PRIVATE KEY", new byte[] {1, 2, 3}), "a.key"))
                .isInstanceOf(IOException.class)
                .hasMessage("no private key in a.key; unencrypted PKCS#8 PEM is needed");
        String rsa = Pem.write("PRIVATE KEY", OtherKeys.rsa().getPrivate().getEncoded());
        assertThatThrownBy(() -> AgentKey.parse(rsa, "a.key"))
                .hasMessage("key in a.key is of another kind; P-256 (prime256v1) is needed");
        String p384 = Pem.write("PRIVATE KEY", OtherKeys.p384().getPrivate().getEncoded());
        assertThatThrownBy(() -> AgentKey.parse(p384, "a.key"))
                .hasMessage("key in a.key is of another kind; P-256 (prime256v1) is needed");
    }
}
