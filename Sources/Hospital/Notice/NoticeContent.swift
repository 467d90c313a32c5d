import Ledger

/// What the hospital tells everybody outside. It is made of the structure's name, of lines of care and of what the
/// crisis room typed, and takes nothing else: no patient, no stay, no bed, and no note of the hospital's own.
public struct NoticeContent: Sendable, Equatable {
  /// A line of care that was declared, with the reason as a code.
  public struct Line: Sendable, Equatable {
    public var key: String
    public var state: CareState
    public var reason: String?
    public var since: Instant
    public var reviewAt: Instant?
  }

  /// Where to go instead.
  public struct Place: Sendable, Equatable {
    public var name: String
    public var address: String?
    public var phone: String?
  }

  /// What everybody is asked to do, as the texts `notice.advice.<code>` say it.
  public enum Advice: String, Sendable, CaseIterable {
    /// Come as usual.
    case usual
    /// Call 15 before you come.
    case callFirst = "call-first"
    /// Only what threatens life is looked after here.
    case vitalOnly = "vital-only"
  }

  /// Whom a telephone number reaches: the texts `notice.phone.<code>`.
  public enum Phone: String, Sendable, CaseIterable {
    case switchboard, families, appointments, press
  }

  public var hospital: String
  public var finess: String
  /// IANA name: hours are said in it.
  public var timeZone: String
  public var madeAt: Instant
  public var lines: [Line]
  public var advice: Advice
  public var places: [Place]
  /// In the order of `Phone`.
  public var phones: [(phone: Phone, number: String)]
  /// In plain words, in each language; nil in neither or in both.
  public var message: (french: String, english: String)?
  public var nextUpdateAt: Instant

  public static func == (one: NoticeContent, other: NoticeContent) -> Bool { one.json == other.json }

  /// The same content gives the same bytes: what is hashed, signed and published.
  public var json: JSON {
    var out = StateWriter()
    out.put("hospital", hospital)
    out.put("finess", finess)
    out.put("timeZone", timeZone)
    out.put("madeAt", madeAt.text)
    out.put("advice", advice.rawValue)
    out.put("lines", lines.map(\.json))
    out.put("places", places.map(\.json))
    out.put(
      "phones",
      phones.map { phone, number -> JSON in ["for": .string(phone.rawValue), "number": .string(number)] })
    out.put("message", message.map { ["fr": .string($0.french), "en": .string($0.english)] })
    out.put("nextUpdateAt", nextUpdateAt.text)
    return .object(out.object)
  }

  /// nil for what this version does not read.
  public init?(_ json: JSON) {
    guard let hospital = json["hospital"]?.string, let finess = json["finess"]?.string,
      let timeZone = json["timeZone"]?.string, let madeAt = json["madeAt"]?.string.flatMap({ Instant($0) }),
      let advice = json["advice"]?.string.flatMap(Advice.init),
      let nextUpdateAt = json["nextUpdateAt"]?.string.flatMap({ Instant($0) })
    else { return nil }
    (self.hospital, self.finess, self.timeZone, self.madeAt) = (hospital, finess, timeZone, madeAt)
    (self.advice, self.nextUpdateAt) = (advice, nextUpdateAt)
    lines = (json["lines"]?.array ?? []).compactMap(Line.init)
    places = (json["places"]?.array ?? []).compactMap(Place.init)
    phones = (json["phones"]?.array ?? []).compactMap { one in
      guard let phone = one["for"]?.string.flatMap(Phone.init), let number = one["number"]?.string else { return nil }
      return (phone, number)
    }
    if let french = json["message"]?["fr"]?.string, let english = json["message"]?["en"]?.string {
      message = (french, english)
    }
  }

  init(_ structure: Structure, _ care: [CareLine], _ typed: NoticeWords, at instant: Instant) {
    (hospital, finess, timeZone) = (structure.name, structure.finess, structure.timeZone)
    madeAt = instant
    lines = Self.lines(care)
    (advice, places, phones) = (typed.advice, typed.places, typed.phones)
    (message, nextUpdateAt) = (typed.message, typed.nextUpdateAt)
  }

  /// What is declared of lines of care, as it is told outside.
  public static func lines(_ care: [CareLine]) -> [Line] {
    care.compactMap { line in
      line.holding.map {
        Line(key: line.key, state: $0.state, reason: $0.reason, since: $0.since, reviewAt: $0.reviewAt)
      }
    }
  }
}

extension NoticeContent.Line {
  fileprivate var json: JSON {
    var out = StateWriter()
    out.put("line", key)
    out.put("state", state.rawValue)
    out.put("reason", reason)
    out.put("since", since.text)
    out.put("reviewAt", reviewAt?.text)
    return .object(out.object)
  }

  fileprivate init?(_ json: JSON) {
    guard let key = json["line"]?.string, let state = json["state"]?.string.flatMap(CareState.init),
      let since = json["since"]?.string.flatMap({ Instant($0) })
    else { return nil }
    (self.key, self.state, self.since) = (key, state, since)
    reason = json["reason"]?.string
    reviewAt = json["reviewAt"]?.string.flatMap { Instant($0) }
  }
}

extension NoticeContent.Place {
  fileprivate var json: JSON {
    var out = StateWriter()
    out.put("name", name)
    out.put("address", address)
    out.put("phone", phone)
    return .object(out.object)
  }

  fileprivate init?(_ json: JSON) {
    guard let name = json["name"]?.string else { return nil }
    (self.name, address, phone) = (name, json["address"]?.string, json["phone"]?.string)
  }
}
