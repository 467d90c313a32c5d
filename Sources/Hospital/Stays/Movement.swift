import Ledger

/// One movement (ZBE): upserted by its key, cancelled but never deleted.
public struct Movement: Sendable, Equatable {
  /// `<authority>|<id>` for a feed's movement, a UUID for one made here.
  public var key: String
  /// The id as people and messages say it (ZBE-1.1).
  public var id: String
  /// Other numbers of the same movement that a feed gives beside it (ZBE-1 that repeats), `<authority>|<id>`.
  public var otherKeys: [String] = []
  /// What a feed calls the authority of `key` beside its OID (ZBE-1.2).
  public var authorityName: String?
  /// Of one that was first given under our number: the key under which its feed spoke last of it.
  var keyOfFeed: String? { key.hasPrefix(Structure.movementArc) ? otherKeys.first : nil }
  /// When it happened.
  public var at: Instant
  /// When it was first said.
  public var writtenAt: Instant
  /// A01 A02 A03 A04 A05 A06 A07 A21 A22 A54 …: the trigger that inserted it; empty while only a correction
  /// without it was heard.
  public var trigger: String
  public var place = Place()
  /// Nature (ZBE-9): M, H, S, L, D and combinations, C for a corrected status.
  public var nature: String?
  public var stayClass: StayClass?
  public var attending: String?
  public var cancelled = false
  /// Inserted after it was cancelled: ids are not used again, so a person must look.
  public var reused = false
  /// Said late on purpose: inserted in the past (ZBE-5).
  public var historic = false
  public var station: String
  public var author: String
  /// The how-manieth movement of the stay it was, when first heard of.
  var order = 0

  public init(
    key: String, id: String, at: Instant, writtenAt: Instant, trigger: String, station: String, author: String
  ) {
    self.key = key
    self.id = id
    self.at = at
    self.writtenAt = writtenAt
    self.trigger = trigger
    self.station = station
    self.author = author
  }

  /// Pending admission, transfer or discharge: moves nobody.
  public var isPlanned: Bool { trigger == "A14" || trigger == "A15" || trigger == "A16" }
  public var isPreadmission: Bool { trigger == "A05" }
  /// Opens the visit (A01, A04), or opens it again after a discharge.
  public var isBeginning: Bool { trigger == "A01" || trigger == "A04" }
  public var isDischarge: Bool { trigger == "A03" }
  /// From a feed, whose keys name their authority.
  public var isForeign: Bool { key.utf8.contains(UInt8(ascii: "|")) }
  /// Known by a correction that did not say of what (ZBE-6): an admission or a discharge, nobody knows.
  public var isOfUnknownTrigger: Bool { trigger.isEmpty }
  /// Counts, and happened to somebody: neither cancelled nor only foreseen, and it is known what it was.
  public var acts: Bool { !cancelled && !isPlanned && !isPreadmission && !isOfUnknownTrigger }
}

extension Movement {
  /// Takes what `said` holds. `trigger` and hour are the caller's to set.
  mutating func take(_ said: JSONObject) {
    let unitBefore = place.unit
    var saysRoom = false
    var saysBed = false
    for (key, value) in said.members {
      switch key {
      // Where it was found by another number of its own, it keeps the first.
      case "id": if let text = value.string, said["key"]?.string?.sameBytes(as: self.key) ?? true { id = text }
      case "authorityName": if said["key"]?.string?.sameBytes(as: self.key) ?? true { authorityName.take(value) }
      case "also": takeOtherKeys(value, said)
      case "unit": place.unit.take(value)
      case "room":
        place.room.take(value)
        saysRoom = true
      case "bed":
        place.bed.take(value)
        saysBed = true
      case "medicalUnit": place.medicalUnit.take(value)
      case "careUnit": place.careUnit.take(value)
      case "nature": nature.take(value)
      case "class": takeClass(value)
      case "attending": attending.take(value)
      case "historic": historic.take(value)
      default: break
      }
    }
    // A room is of its unit: the old unit's rooms and beds are not in the new one.
    if place.unit != unitBefore {
      if !saysRoom { place.room = nil }
      if !saysBed { place.bed = nil }
    }
  }

  /// What a cancellation says of a movement never seen. Its PV1 is the situation before, so place and class stay out.
  mutating func takeTombstone(_ said: JSONObject) {
    for (key, value) in said.members {
      switch key {
      case "id": if let text = value.string { id = text }
      case "authorityName": authorityName.take(value)
      case "also": takeOtherKeys(value, said)
      case "medicalUnit": place.medicalUnit.take(value)
      case "careUnit": place.careUnit.take(value)
      case "nature": nature.take(value)
      case "historic": historic.take(value)
      default: break
      }
    }
  }

  /// A list of a message replaces the list.
  private mutating func takeOtherKeys(_ also: JSON, _ said: JSONObject) {
    let said = [said["key"]?.string].compactMap(\.self) + (also.strings ?? [])
    otherKeys = said.filter { !$0.sameBytes(as: key) }
  }

  private mutating func takeClass(_ value: JSON) {
    if value.isNull { stayClass = nil }
    if let text = value.string, let known = StayClass(rawValue: text) { stayClass = known }
  }
}
