package dev.gatehouse.shared.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One key of the settings, as its record's component declares it.
 *
 * @param name as in the file, sections joined by dots: {@code postgres.poolSize}
 * @param type of one value: the element's type for lists
 * @param defaultValue written as in the file
 */
record SettingsKey(
        String name, Class<?> type, boolean list, boolean optional, Optional<String> defaultValue, String doc) {

    static final String ENVIRONMENT_PREFIX = "GATEHOUSE_";

    /** The component that the {@code @Default} of a section stands for. */
    private static final String MAIN_COMPONENT = "bindingAddress";

    /** All keys of a settings record and the records in it, in the order of their components. */
    static List<SettingsKey> of(Class<?> settings) {
        List<SettingsKey> keys = new ArrayList<>();
        collect(settings, "", Optional.empty(), keys);
        return List.copyOf(keys);
    }

    /** {@code GATEHOUSE_POSTGRES_POOLSIZE}. */
    String environmentName() {
        return ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    boolean secret() {
        return type == Secret.class;
    }

    /** A secret's key that names a file. */
    String fileName() {
        return name + "File";
    }

    static boolean isSection(Class<?> type) {
        return type.isRecord() && type != HostPort.class && type != MemorySize.class && type != Secret.class;
    }

    private static void collect(
            Class<?> section, String prefix, Optional<String> sectionDefault, List<SettingsKey> keys) {
        for (RecordComponent component : section.getRecordComponents()) {
            String name = prefix + component.getName();
            Optional<String> given =
                    Optional.ofNullable(component.getAnnotation(Default.class)).map(Default::value);
            if (isSection(component.getType())) {
                collect(component.getType(), name + ".", given, keys);
                continue;
            }
            boolean list = component.getType() == List.class;
            boolean optional = component.getType() == Optional.class;
            Class<?> type = list || optional ? argument(component.getGenericType()) : component.getType();
            keys.add(new SettingsKey(
                    name,
                    type,
                    list,
                    optional,
                    given.isEmpty() && component.getName().equals(MAIN_COMPONENT) ? sectionDefault : given,
                    Optional.ofNullable(component.getAnnotation(Doc.class))
                            .map(Doc::value)
                            .orElse("")));
        }
    }

    private static Class<?> argument(Type type) {
        return (Class<?>) ((ParameterizedType) type).getActualTypeArguments()[0];
    }
}
