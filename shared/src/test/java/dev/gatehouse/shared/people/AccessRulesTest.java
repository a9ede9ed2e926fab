package dev.gatehouse.shared.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.label.Selector;
import io.vertx.core.json.JsonArray;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {

    private static final AccessRules RULES = rules(
            role("administrator", "[{'*': '*'}]", "[]"),
            role("auditor", "[]", "[]"),
            role("web-test", "[{'team': 'web', 'env': ['test', 'dev']}]", "[]"),
            role("data", "[{'team': 'data'}, {'kind': 'warehouse'}]", "[]"),
            role("globs", "[{'host': 'db-*', 'site': '^(berlin|rome)$'}]", "[]"),
            role("any-team", "[{'team': '*'}]", "[]"),
            role("no-prod", "[]", "[{'env': 'prod'}]"),
            role("nothing", "[{}]", "[]"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "administrator        | -                       | yes | role administrator allows it",
                "administrator        | env=prod                | yes | role administrator allows it",
                "administrator no-prod| env=prod                | no  | role no-prod denies it",
                "administrator no-prod| env=test                | yes | role administrator allows it",
                "auditor              | team=web                | no  | none of the roles auditor allows it",
                "web-test             | team=web env=test       | yes | role web-test allows it",
                "web-test             | team=web env=dev        | yes | role web-test allows it",
                "web-test             | team=web env=prod       | no  | none of the roles web-test allows it",
                "web-test             | team=web                | no  | none of the roles web-test allows it",
                "web-test             | env=test                | no  | none of the roles web-test allows it",
                "data                 | team=data               | yes | role data allows it",
                "data                 | kind=warehouse team=web | yes | role data allows it",
                "data                 | kind=lake team=web      | no  | none of the roles data allows it",
                "globs                | host=db-7 site=rome     | yes | role globs allows it",
                "globs                | host=db-7 site=paris    | no  | none of the roles globs allows it",
                "any-team             | team=x                  | yes | role any-team allows it",
                "any-team             | env=x                   | no  | none of the roles any-team allows it",
                "nothing              | team=x                  | no  | none of the roles nothing allows it",
                "nothing web-test     | team=data               | no  | 'none of the roles nothing, web-test allows it'",
                "data web-test        | team=web env=test       | yes | role web-test allows it",
                "no-prod              | env=test                | no  | none of the roles no-prod allows it",
                "gone                 | env=test                | no  | none of the roles gone allows it",
                "-                    | env=test                | no  | there is no role that could allow it",
            })
    void oneMustAllowAndNoneMayDeny(String roles, String labels, String allowed, String reason) {
        assertThat(RULES.decide(Set.copyOf(words(roles)), labels(labels)))
                .isEqualTo(new Decision(allowed.equals("yes"), reason));
    }

    @Test
    void selectorsAreReadAsWritten() {
        JsonArray written = new JsonArray("[{\"env\": [\"a\", \"b\"], \"team\": \"web\"}, {\"*\": \"*\"}]");
        List<Selector> read = SelectorJson.read("allow", written);
        assertThat(SelectorJson.write(read).encode())
                .isEqualTo("[{\"env\":[\"a\",\"b\"],\"team\":[\"web\"]},{\"*\":[\"*\"]}]");
        assertThat(SelectorJson.read("allow", SelectorJson.write(read))).isEqualTo(read);
    }

    @Test
    void aMistakeIsNamedWithItsPlace() {
        refused("[7]", "allow[0] is no object of labels, such as {\"env\": [\"test\"]}");
        refused("[{\"a\": \"b\"}, {\"c\": 5}]", "allow[1].c is 5; a text or a list of texts is needed");
        refused("[{\"a\": [\"b\", 5]}]", "allow[0].a is [\"b\",5]; a text or a list of texts is needed");
        assertThatThrownBy(() -> SelectorJson.read("deny", new JsonArray("[{\"a\": []}]")))
                .hasMessageStartingWith("deny[0]: label 'a' has 0 values");
        assertThatThrownBy(() -> SelectorJson.read("deny", new JsonArray("[{\"a\": \"^($\"}]")))
                .hasMessageStartingWith("deny[0]: ");
    }

    private static void refused(String json, String message) {
        assertThatThrownBy(() -> SelectorJson.read("allow", new JsonArray(json)))
                .isInstanceOf(PeopleException.class)
                .hasMessage(message);
    }

    static AccessRole role(String name, String allow, String deny) {
        return new AccessRole(name, selectors(allow), selectors(deny), false);
    }

    private static List<Selector> selectors(String json) {
        return SelectorJson.read("selectors", new JsonArray(json.replace('\'', '"')));
    }

    static AccessRules rules(AccessRole... roles) {
        return new AccessRules(Stream.of(roles).collect(Collectors.toMap(AccessRole::name, role -> role)));
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : List.of(text.split(" ", -1));
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new HashMap<>();
        words(text).forEach(pair -> labels.put(pair.split("=", 2)[0], pair.split("=", 2)[1]));
        return labels;
    }
}
