package dev.gatehouse.protocol.identity;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as text, and certificates as DER. Text between the blocks is passed over. */
public final class Pem {

    /** Bound for what is taken as PEM: a few certificates, never a megabyte. */
    public static final int MAX_CHARACTERS = 256 * 1024;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    /** Every certificate of a text, in its order; at least one. */
    public static List<X509Certificate> certificates(String text) throws CertificateException {
        List<X509Certificate> found = new ArrayList<>();
        try {
            for (byte[] der : blocks("CERTIFICATE", text)) {
                found.add(certificate(der));
            }
        } catch (IllegalArgumentException e) {
            throw new CertificateException(e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new CertificateException("no certificate in the PEM text; at least one CERTIFICATE block is needed");
        }
        return List.copyOf(found);
    }

    /** The certificate of a DER encoding. */
    public static X509Certificate certificate(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    /** The certificates as text, one after the other. */
    public static String text(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        certificates.forEach(certificate -> text.append(write("CERTIFICATE", der(certificate))));
        return text.toString();
    }

    public static String text(X509Certificate certificate) {
        return text(List.of(certificate));
    }

    public static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate without an encoding", e);
        }
    }

    /** One block of the given label. */
    public static String write(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** The content of the only block with the label. */
    static byte[] only(String label, String text) {
        List<byte[]> blocks = blocks(label, text);
        if (blocks.size() != 1) {
            throw new IllegalArgumentException(blocks.size() + " " + label + " blocks; exactly 1 is needed");
        }
        return blocks.getFirst();
    }

    private static List<byte[]> blocks(String label, String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "PEM of " + text.length() + " characters; at most " + MAX_CHARACTERS + " are allowed");
        }
        List<byte[]> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).equals(label)) {
                found.add(Base64.getMimeDecoder().decode(block.group(2)));
            }
        }
        return found;
    }
}
