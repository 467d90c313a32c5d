/// A JSON value as format 1 reads it: integers only, keys in the order written, strings compared as bytes.
///
/// Swift's `==` on `String` compares by canonical equivalence; two stations must not disagree on
/// whether "é" is one scalar or two, so equality here goes through UTF-8.
public enum JSON: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

/// The members of one object, in the order written. Lookups are linear: objects here are small.
public struct JSONObject: Sendable {
  public private(set) var members: [(key: String, value: JSON)]

  public init(_ members: [(key: String, value: JSON)] = []) {
    self.members = members
  }

  /// The value of `key`, or nil where the key is absent. Setting nil removes the key.
  public subscript(key: String) -> JSON? {
    get {
      for member in members where member.key.sameBytes(as: key) { return member.value }
      return nil
    }
    set {
      if let index = members.firstIndex(where: { $0.key.sameBytes(as: key) }) {
        if let newValue { members[index].value = newValue } else { members.remove(at: index) }
      } else if let newValue {
        members.append((key, newValue))
      }
    }
  }

  /// Adds a member known not to be there yet.
  public mutating func append(_ key: String, _ value: JSON) {
    members.append((key, value))
  }

  public mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

  public var isEmpty: Bool { members.isEmpty }
}

extension JSON: Equatable {
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.string(let a), .string(let b)): a.sameBytes(as: b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    default: false
    }
  }
}

extension JSONObject: Equatable {
  /// Same members whatever their order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.count == right.members.count
      && left.members.allSatisfy { right[$0.key] == $0.value }
  }
}

extension JSON {
  public subscript(key: String) -> JSON? {
    if case .object(let object) = self { object[key] } else { nil }
  }
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
  public var isNull: Bool { if case .null = self { true } else { false } }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(JSONObject(elements.map { (key: $0.0, value: $0.1) }))
  }
  public init(nilLiteral: ()) { self = .null }
}

extension String {
  /// Equality of UTF-8 bytes, which is what the ledger means by "the same string".
  public func sameBytes(as other: String) -> Bool {
    // `==` is quick, and never false for the same bytes; what it calls equal is then compared for good.
    guard utf8.count == other.utf8.count, self == other else { return false }
    let isSame = utf8.withContiguousStorageIfAvailable { mine in
      other.utf8.withContiguousStorageIfAvailable { mine.elementsEqual($0) }
    }
    return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
  }

  /// Byte order of UTF-8, which is what the ledger means by "before".
  public func precedesInBytes(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}
