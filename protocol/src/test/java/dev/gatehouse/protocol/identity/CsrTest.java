package dev.gatehouse.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.security.KeyPair;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;

class CsrTest {

    private final AgentKey key = AgentKey.generate();

    @Test
    void bringsTheKeyAcross() throws Csr.BadCsr {
        assertThat(Csr.read(Csr.make(key, "laptop, \"7\" + Jörg=ok")).publicKey())
                .isEqualTo(key.publicKey());
    }

    @Test
    void refusesARequestThatItsKeyDidNotSign() {
        Buffer der = Csr.make(key, "laptop");
        int last = der.length() - 1;
        der.setByte(last, (byte) (der.getByte(last) ^ 1));
        assertThatThrownBy(() -> Csr.read(der)).isInstanceOf(Csr.BadCsr.class).hasMessageStartingWith("csr ");
    }

    @Test
    void refusesOtherKindsOfKeys() throws Exception {
        assertThatThrownBy(() -> Csr.read(request(OtherKeys.rsa(), "SHA256withRSA")))
                .hasMessage("csr for another kind of key; P-256 is needed");
        assertThatThrownBy(() -> Csr.read(request(OtherKeys.p384(), "SHA256withECDSA")))
                .hasMessage("csr for another kind of key; P-256 is needed");
    }

    @Test
    void refusesGarbage() {
        assertThatThrownBy(() -> Csr.read(Buffer.buffer("garbage")))
                .hasMessage("csr cannot be read; DER of a PKCS#10 request is needed");
        assertThatThrownBy(() -> Csr.read(Buffer.buffer()))
                .hasMessage("csr cannot be read; DER of a PKCS#10 request is needed");
        assertThatThrownBy(() -> Csr.read(Buffer.buffer(new byte[Csr.MAX_BYTES + 1])))
                .hasMessage("csr of 8193 bytes; at most 8192 are allowed");
        Buffer whole = Csr.make(key, "laptop");
        for (int length = 0; length < whole.length(); length++) {
            Buffer cut = whole.getBuffer(0, length);
            assertThatThrownBy(() -> Csr.read(cut)).isInstanceOf(Csr.BadCsr.class);
        }
    }

    private static Buffer request(KeyPair pair, String algorithm) throws OperatorCreationException, IOException {
        return Buffer.buffer(new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()))
                .getEncoded());
    }
}
