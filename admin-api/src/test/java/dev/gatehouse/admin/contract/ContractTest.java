package dev.gatehouse.admin.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContractTest {

    @Test
    void loadsWithAllItsReferences() {
        Contract contract = Contract.load();
        assertThat(contract.operations()).hasSizeGreaterThan(15);
        assertThat(contract.operations()).extracting(Operation::id).doesNotHaveDuplicates();
        assertThat(contract.operations().stream().filter(Operation::open).map(Operation::id))
                .containsExactlyInAnyOrder("login", "ca", "issueNodeCertificate");
        assertThat(contract.operations().stream().filter(Operation::writes).map(Operation::id))
                .containsExactlyInAnyOrder(
                        "revokeAgent",
                        "createJoinToken",
                        "removeJoinToken",
                        "drainNode",
                        "registerResource",
                        "removeResource",
                        "createUser",
                        "changeUser",
                        "removeUser",
                        "setPassword",
                        "createRole",
                        "setRole",
                        "removeRole",
                        "createLock",
                        "removeLock",
                        "cutSession");
    }

    @Test
    void refusesAContractThatSaysMoreThanIsChecked() {
        assertThatThrownBy(() -> new Schema(JsonObject.of("type", "string", "multipleOf", 3), "here"))
                .hasMessageStartingWith("here uses 'multipleOf'; known are");
    }

    @Test
    void saysEverythingThatIsWrongWithABody() {
        Schema schema = new Schema(new JsonObject("""
                        {"type":"object","additionalProperties":false,"required":["name"],"properties":{
                          "name":{"type":"string","minLength":1,"maxLength":3},
                          "count":{"type":"integer","minimum":1,"maximum":9},
                          "on":{"type":"boolean"},
                          "labels":{"type":"object","maxProperties":1,"additionalProperties":{"type":"string"}}}}"""), "body");
        assertThat(check(schema, "{\"name\":\"abc\",\"count\":9,\"on\":true,\"labels\":{\"a\":\"b\"}}"))
                .isEmpty();
        assertThat(check(schema, "{\"name\":\"😀😀😀\"}"))
                .as("characters, not halves of them")
                .isEmpty();
        assertThat(check(schema, "{\"count\":1.5,\"on\":1,\"labels\":{\"a\":2},\"more\":null}"))
                .containsExactly(
                        new Violation("name", null, "a text of 1 to 3 characters"),
                        new Violation("count", 1.5, "a whole number of 1 to 9"),
                        new Violation("on", 1, "true or false"),
                        new Violation("labels.a", 2, "a text"),
                        new Violation("more", null, "one of [count, labels, name, on]"));
        assertThat(check(schema, "{\"name\":\"abcd\",\"labels\":{\"a\":\"1\",\"b\":\"2\"}}"))
                .containsExactly(
                        new Violation("name", "abcd", "a text of 1 to 3 characters"),
                        new Violation("labels", JsonObject.of("a", "1", "b", "2"), "an object of at most 1 fields"));
    }

    @Test
    void checksListsAndEachOfTheirItems() {
        Schema schema = new Schema(new JsonObject("""
                        {"type":"object","properties":{"names":{"type":"array","maxItems":2,"items":{"type":"string","maxLength":3}}}}"""), "body");
        assertThat(check(schema, "{\"names\":[\"a\",\"b\"]}")).isEmpty();
        assertThat(check(schema, "{\"names\":[\"abcd\"]}"))
                .containsExactly(new Violation("names[0]", "abcd", "a text of at most 3 characters"));
        assertThat(check(schema, "{\"names\":[\"a\",\"b\",\"c\"]}"))
                .extracting(Violation::allowed)
                .containsExactly("a list of at most 2 items");
    }

    private static List<Violation> check(Schema schema, String json) {
        List<Violation> violations = new ArrayList<>();
        schema.check("", new JsonObject(json), violations);
        return violations;
    }
}
