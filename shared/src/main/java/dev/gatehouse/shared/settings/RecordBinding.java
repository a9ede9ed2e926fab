package dev.gatehouse.shared.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings records from values by key, and back. */
final class RecordBinding {

    private RecordBinding() {}

    /**
     * @param values of the keys' types; a key that is not there is an empty list or Optional
     */
    static <R> R create(Class<R> type, Map<String, Object> values) {
        return type.cast(create(type, "", values));
    }

    /** Values by key, in the order of the components. */
    static Map<String, Object> read(Record settings) {
        Map<String, Object> values = new LinkedHashMap<>();
        read(settings, "", values);
        return values;
    }

    private static Object create(Class<?> type, String prefix, Map<String, Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = Arrays.stream(components)
                .map(component -> argument(component, prefix + component.getName(), values))
                .toArray();
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(prefix + ": " + e.getCause().getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is not a settings record", e);
        }
    }

    private static Object argument(RecordComponent component, String name, Map<String, Object> values) {
        if (SettingsKey.isSection(component.getType())) {
            return create(component.getType(), name + ".", values);
        } else if (component.getType() == Optional.class) {
            return Optional.ofNullable(values.get(name));
        } else if (component.getType() == List.class) {
            return values.getOrDefault(name, List.of());
        }
        return values.get(name);
    }

    private static void read(Record section, String prefix, Map<String, Object> values) {
        for (RecordComponent component : section.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(section);
                if (SettingsKey.isSection(component.getType())) {
                    read((Record) value, prefix + component.getName() + ".", values);
                } else {
                    values.put(prefix + component.getName(), value);
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component + " cannot be read", e);
            }
        }
    }
}
