package dev.relayauth.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of the chart's values, made of {@code values.yaml} and its {@code # --} comments. */
final class ValuesTable {
  private static final Pattern COMMENT = Pattern.compile(" *# -- (.*)");
  private static final Pattern MEMBER = Pattern.compile("( *)([A-Za-z]\\w*):( .*)?");
  private static final int INDENT = 2;

  private final JsonNode values = Chart.defaults();
  private final List<String> rows = new ArrayList<>();
  private final Deque<String> path = new ArrayDeque<>();

  private ValuesTable() {}

  /** The table, a line each. */
  static List<String> lines() throws IOException {
    ValuesTable table = new ValuesTable();
    table.rows.add("| value | default | what it does |");
    table.rows.add("|---|---|---|");
    String comment = "";
    for (String line : Files.readAllLines(Chart.HOME.resolve("values.yaml"))) {
      Matcher described = COMMENT.matcher(line);
      Matcher member = MEMBER.matcher(line);
      if (described.matches()) {
        comment = described.group(1);
      } else if (member.matches()) {
        table.open(member.group(1).length() / INDENT, member.group(2));
        table.add(member.group(3) == null, comment);
        comment = "";
      }
    }
    return table.rows;
  }

  private void open(int depth, String name) {
    while (path.size() > depth) {
      path.removeLast();
    }
    path.addLast(name);
  }

  /**
   * @param isGroup of members on the lines below, which have rows of their own
   */
  private void add(boolean isGroup, String comment) {
    if (!isGroup || !comment.isEmpty()) {
      String value = isGroup ? "" : "`" + values.at("/" + String.join("/", path)) + "`";
      String name = String.join(".", path);
      rows.add("| `%s` | %s | %s |".formatted(name, value, comment.replace("|", "\\|")));
    }
  }
}
