package dev.gatehouse.shared.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The two tests that every settings record has. */
public final class SettingsRecords {

    private SettingsRecords() {}

    /** Loaded from nothing, the record is the given one. */
    public static <R extends Record> void assertDefaults(Class<R> type, R expected) {
        assertThat(SettingsLoader.load(type, Optional.empty(), Map.of(), Map.of()))
                .isEqualTo(expected);
    }

    /**
     * Every key of the record is given, each maps to its component and back to what was written.
     *
     * @param values other than the defaults, by key, written in the shortest form
     */
    public static <R extends Record> void assertMapped(Class<R> type, Map<String, String> values, R expected) {
        assertThat(values.keySet())
                .as("every key is given")
                .containsExactlyInAnyOrderElementsOf(
                        SettingsKey.of(type).stream().map(SettingsKey::name).toList());
        R loaded = SettingsLoader.load(type, Optional.empty(), Map.of(), values);
        assertThat(loaded).isEqualTo(expected);
        for (SettingsKey key : SettingsKey.of(type)) {
            assertThat(Optional.of(values.get(key.name())))
                    .as(key.name() + " differs from its default")
                    .isNotEqualTo(key.defaultValue());
        }
        Map<String, String> masked = new TreeMap<>(values);
        SettingsKey.of(type).stream().filter(SettingsKey::secret).forEach(key -> masked.put(key.name(), "******"));
        assertThat(new TreeMap<>(SettingsLoader.effective(loaded))).isEqualTo(masked);
    }
}
