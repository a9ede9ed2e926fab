package dev.gatehouse.protocol.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "env=prod               ~ env=prod           ~ true",
                "env=prod               ~ env=prod,team=a    ~ true", // what isn't asked for doesn't matter
                "env=prod               ~ env=production     ~ false",
                "env=prod               ~ env=PROD           ~ false",
                "env=prod               ~ team=a             ~ false",
                "env=prod,team=a        ~ env=prod,team=a    ~ true",
                "env=prod,team=a        ~ env=prod           ~ false", // keys are ANDed
                "env=prod,env=test      ~ env=test           ~ true", // values are ORed
                "env=prod,env=test      ~ env=dev            ~ false",
                "env=*                  ~ env=anything       ~ true",
                "env=*                  ~ env=               ~ true",
                "env=*                  ~ team=a             ~ false", // it must be there
                "env=prod-*             ~ env=prod-eu        ~ true",
                "env=prod-*             ~ env=prod-          ~ true",
                "env=prod-*             ~ env=prod           ~ false",
                "env=*-eu-*             ~ env=prod-eu-1      ~ true",
                "env=*-eu-*             ~ env=prod-us-1      ~ false",
                "env=a*b*c              ~ env=axxbxbxc       ~ true",
                "env=a*b*c              ~ env=axxbxbx        ~ false",
                "env=**                 ~ env=x              ~ true",
                "env=p.od               ~ env=prod           ~ false", // a glob's dot is a dot
                "env=^p.od$             ~ env=prod           ~ true",
                "env=^p.od$             ~ env=prods          ~ false", // the whole value
                "env=^(prod|test)-\\d+$ ~ env=test-12        ~ true",
                "env=^(prod|test)-\\d+$ ~ env=dev-12         ~ false",
                "env=^prod              ~ env=prod           ~ false", // no expression without its end: the very text
                "env=^prod              ~ env=^prod          ~ true",
                "*=*                    ~ env=prod           ~ true",
                "*=*                    ~ \"\"               ~ true",
                "*=*,env=prod           ~ env=test           ~ false", // everything, of which env is prod
            })
    void matchesAsWritten(String selector, String labels, boolean matches) throws SelectorException {
        Map<String, String> given = new java.util.HashMap<>();
        for (String label : labels.strip().split(",", -1)) {
            if (label.contains("=")) {
                given.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
            }
        }
        assertThat(Selector.parse(selector.strip()).matches(given)).isEqualTo(matches);
    }

    @Test
    void withoutKeysItMatchesNothing() throws SelectorException {
        assertThat(Selector.of(Map.of()).matches(Map.of("env", "prod"))).isFalse();
        assertThat(Selector.of(Map.of()).matches(Map.of())).isFalse();
        assertThat(Selector.of(Map.of())).isEqualTo(Selector.NOTHING);
        assertThat(Selector.of(Map.of("*", List.of("*")))).isEqualTo(Selector.EVERYTHING);
        assertThat(Selector.EVERYTHING.matches(Map.of())).isTrue();
    }

    @Test
    void severalAreOred() throws SelectorException {
        List<Selector> either = List.of(Selector.parse("env=prod"), Selector.parse("team=a"));
        assertThat(Selector.any(either, Map.of("team", "a"))).isTrue();
        assertThat(Selector.any(either, Map.of("env", "prod"))).isTrue();
        assertThat(Selector.any(either, Map.of("env", "test", "team", "b"))).isFalse();
        assertThat(Selector.any(List.of(), Map.of("env", "prod"))).isFalse();
    }

    @Test
    void errorsNameKeyValueAndWhatIsAllowed() {
        refused(Map.of("*", List.of("prod")), "label '*' has the value [prod]; only '*': '*' is allowed");
        refused(Map.of("env", List.of()), "label 'env' has 0 values; 1 to 64 are needed");
        refused(Map.of("env", Collections.nCopies(65, "x")), "label 'env' has 65 values; 1 to 64 are needed");
        refused(
                Map.of("env", List.of("^(a$")),
                "label 'env' has the pattern '^(a$', which is no regular expression (RE2): missing closing )");
        refused(Map.of("env", List.of("^(a)\\1$")), "label 'env' has the pattern '^(a)\\1$', which is no regular");
        refused(
                Map.of("env", List.of("x".repeat(256))),
                "label 'env' has a pattern of 256 characters; at most 255 are allowed");
        refused(
                Map.of("env", List.of("^((a{100}){100}){100}$")),
                "label 'env' has the pattern '^((a{100}){100}){100}$' whose repetitions multiply to more than 1000");
        assertThatThrownBy(() -> Selector.parse("env"))
                .isInstanceOf(SelectorException.class)
                .hasMessage("'env' is no label; KEY=VALUE,KEY=VALUE is needed");
    }

    /** Patterns on which a matcher that goes back and tries again would work for years. */
    @Test
    void noPatternIsCatastrophic() throws SelectorException {
        String text = "a".repeat(255);
        assertThat(selects("^(a+)+b$", text)).isFalse();
        assertThat(selects("^(a|aa)+b$", text)).isFalse();
        assertThat(selects("^(.*)*(.*)*(.*)*b$", text)).isFalse();
        assertThat(selects("*a".repeat(127) + "b", text)).isFalse();
    }

    private static boolean selects(String pattern, String value) throws SelectorException {
        return Selector.of(Map.of("k", List.of(pattern))).matches(Map.of("k", value));
    }

    private static void refused(Map<String, List<String>> labels, String message) {
        assertThatThrownBy(() -> Selector.of(labels))
                .isInstanceOf(SelectorException.class)
                .hasMessageContaining(message);
    }
}
