package dev.relayauth.audit.domain.ocsf;

import java.util.Map;

/**
 * What kind of event a record is in OCSF 1.3.
 *
 * @param uid of the class
 * @param activity what was done, of the class's activities
 */
record OcsfClass(int uid, int activity) {
  static final int ACCOUNT_CHANGE = 3001;
  static final int AUTHENTICATION = 3002;
  static final int ENTITY_MANAGEMENT = 3004;
  static final int USER_ACCESS = 3005;
  static final int API_ACTIVITY = 6003;
  static final int OTHER = 99;

  private static final int CLASSES_A_CATEGORY = 1_000;
  private static final int ACTIVITIES_A_CLASS = 100;
  private static final Map<String, OcsfClass> BY_ACTION =
      Map.ofEntries(
          Map.entry("token.issued", new OcsfClass(AUTHENTICATION, 1)),
          Map.entry("token.exchanged", new OcsfClass(AUTHENTICATION, 1)),
          Map.entry("token.refreshed", new OcsfClass(AUTHENTICATION, 1)),
          Map.entry("token.revoked", new OcsfClass(AUTHENTICATION, 2)),
          Map.entry("token.validated", new OcsfClass(API_ACTIVITY, OTHER)),
          Map.entry("identity.created", new OcsfClass(ACCOUNT_CHANGE, 1)),
          Map.entry("identity.reactivated", new OcsfClass(ACCOUNT_CHANGE, 2)),
          Map.entry("identity.suspended", new OcsfClass(ACCOUNT_CHANGE, 5)),
          Map.entry("identity.retired", new OcsfClass(ACCOUNT_CHANGE, 5)),
          Map.entry("identity.deleted", new OcsfClass(ACCOUNT_CHANGE, 6)),
          Map.entry("sponsor.created", new OcsfClass(ACCOUNT_CHANGE, 1)),
          Map.entry("api_key.created", new OcsfClass(ACCOUNT_CHANGE, 1)),
          Map.entry("api_key.revoked", new OcsfClass(ACCOUNT_CHANGE, 5)),
          Map.entry("role.assigned", new OcsfClass(USER_ACCESS, 1)),
          Map.entry("role.removed", new OcsfClass(USER_ACCESS, 2)));

  /** Of an action; one that has no class of its own is about an entity. */
  static OcsfClass of(String action) {
    OcsfClass known = BY_ACTION.get(action);
    if (known != null) {
      return known;
    }
    if (action.startsWith("scope.")) {
      return new OcsfClass(API_ACTIVITY, OTHER);
    }
    boolean account = action.startsWith("identity.") || action.startsWith("sponsor.");
    return account ? new OcsfClass(ACCOUNT_CHANGE, OTHER) : ofEntity(action);
  }

  /** The class's category. */
  int category() {
    return uid / CLASSES_A_CATEGORY;
  }

  /** The class and activity together. */
  int type() {
    return uid * ACTIVITIES_A_CLASS + activity;
  }

  private static OcsfClass ofEntity(String action) {
    String verb = action.substring(action.indexOf('.') + 1);
    int activity =
        switch (verb) {
          case "created" -> 1;
          case "updated", "rotated" -> 3;
          case "deleted", "removed" -> 4;
          default -> OTHER;
        };
    return new OcsfClass(ENTITY_MANAGEMENT, activity);
  }
}
