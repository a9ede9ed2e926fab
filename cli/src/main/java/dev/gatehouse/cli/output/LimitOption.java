package dev.gatehouse.cli.output;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --limit}: how much of a list is shown. */
public final class LimitOption {

    @Option(names = "--limit", paramLabel = "N", description = "At most so many; 0: all", converter = Count.class)
    private Long limit;

    /** @param usual if nothing was said */
    public long or(long usual) {
        return limit == null ? usual : limit;
    }

    static final class Count implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                long value = Long.parseLong(text);
                if (value >= 0) {
                    return value;
                }
            } catch (NumberFormatException notANumber) {
                // told below, as a negative one
            }
            throw new TypeConversionException("'" + text + "'; 0 or more is needed");
        }
    }
}
