package dev.relayauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Answers as people read them: a row an item, or a line a member. */
final class Table {
  private static final int WIDEST = 60;
  private static final List<String> LISTS = List.of("data", "entries", "changes");

  private Table() {}

  static String of(JsonNode answer, List<String> columns) {
    JsonNode items =
        LISTS.stream()
            .map(answer::path)
            .filter(JsonNode::isArray)
            .findFirst()
            .orElse(MissingNode.getInstance());
    if (items.isMissingNode()) {
      return members(answer);
    }
    StringBuilder table = new StringBuilder(rows(items, columns));
    String cursor = answer.path("cursor").asText(answer.path("nextCursor").asText(""));
    if (!cursor.isEmpty()) {
      table.append("more: --cursor ").append(plain(cursor)).append('\n');
    }
    return table.toString();
  }

  private static String rows(JsonNode items, List<String> columns) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(columns.stream().map(String::toUpperCase).toList());
    items.forEach(item -> rows.add(columns.stream().map(name -> cell(item.path(name))).toList()));
    int[] widths = new int[columns.size()];
    rows.forEach(
        row -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(row.get(i));
      if (i < widths.length - 1) {
        line.append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
    }
    return line.append('\n').toString();
  }

  private static String members(JsonNode answer) {
    int width =
        answer.properties().stream().mapToInt(member -> member.getKey().length()).max().orElse(0);
    return answer.properties().stream()
        .map(
            member ->
                plain(member.getKey())
                    + " ".repeat(width - member.getKey().length() + 2)
                    + text(member.getValue())
                    + "\n")
        .collect(Collectors.joining());
  }

  private static String cell(JsonNode value) {
    String text = text(value);
    return text.length() > WIDEST ? text.substring(0, WIDEST - 1) + "…" : text;
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(Table::text)
          .collect(Collectors.joining(" "));
    }
    String text =
        value.isMissingNode() ? "" : value.isValueNode() ? value.asText() : value.toString();
    return plain(text);
  }

  /**
   * What others wrote, without what a terminal would act on: controls (C1 as well), what turns the
   * direction of text around, and line separators.
   */
  static String plain(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "�");
  }
}
