package org.apiary.honey;

import java.util.ArrayList;
import java.util.List;

public class Label {
    private final List<String> lines;

    private Label(List<String> lines) {
        this.lines = lines;
    }

    /** Writes the lines below each other, framed by dashes that are as long as the longest of them. */
    public String printed() {
        int width = lines.stream().mapToInt(String::length).max().orElse(0);
        String edge = "-".repeat(width);
        return edge + "\n" + String.join("\n", lines) + "\n" + edge;
    }

    /** Collects what is to stand on a label. */
    public static class Builder {
        private final List<String> lines = new ArrayList<>();

        public Builder line(String text) {
            lines.add(text.strip());
            return this;
        }

        public Builder line(int number) {
            return line(Integer.toString(number));
        }

        public Label build() {
            return new Label(List.copyOf(lines));
        }
    }
}
