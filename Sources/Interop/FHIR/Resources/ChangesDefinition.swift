import Ledger

/// What `$changes` is, which no specification says.
public enum ChangesDefinition {
  public static let path = "OperationDefinition/changes"

  public static func json(base: String) -> JSON {
    [
      "resourceType": "OperationDefinition", "id": "changes", "url": .string("\(base)/\(path)"), "name": "Changes",
      "title": "Server-sent feed of changes", "status": "active", "kind": "operation",
      "description": """
      A feed of references to resources that changed, as server-sent events (text/event-stream), by GET alone and for \
      as long as the token holds. The data of an event are references, parted by blanks: Patient/<id> Encounter/<id>; \
      what they say is read by these. Only types that the token may read are named, and nobody whom a search would leave out.
      """,
      "code": "changes",
      "comment": """
      Each event has an id: whoever sends the last as Last-Event-ID, or as after in the address, goes on there. The \
      event reload says that what was missed is not known any more: ask for what changed by _lastUpdated.
      """,
      "affectsState": false, "system": true, "type": false, "instance": false,
    ]
  }
}
