import Ledger

/// One version of what is told outside (`notice/<uuid>`): drafted by one person, approved by another.
public struct Notice: Sendable, Equatable {
  public enum Status: String, Sendable, CaseIterable { case draft, approved, withdrawn }

  public struct By: Sendable, Equatable {
    /// Account id.
    public var account: String
    public var at: Instant
  }

  public let id: String
  public private(set) var number = 0
  /// nil before it was drafted, or in words that this version does not read.
  public private(set) var content: NoticeContent?
  public private(set) var drafted: By?
  /// The first approval holds.
  public private(set) var approved: By?
  public private(set) var withdrawn: By?
  public private(set) var withdrawnWhy: String?
  /// When the approval was written, which says whether another came later.
  public private(set) var approvedTime: HybridTime?
  /// Hashes of the versions told when it was approved, as far as its station knew; nil where that was not said yet.
  public private(set) var after: [String]?
  /// How many of its number were approved before it: stations that did not hear each other gave one number twice.
  public fileprivate(set) var twinsBefore = 0

  public init(id: String) { self.id = id }

  /// Approved here and withdrawn there, it counts as told: it may be out.
  public var status: Status { approved != nil ? .approved : withdrawn != nil ? .withdrawn : .draft }

  /// SHA-256 of `document`, 64 hex digits.
  public var hash: String? { document.map { LineHash(of: Array($0.utf8)).hex } }

  /// `3 · 1f0e9d8c`, `3b · 77aa0102`: what every sheet made of it carries.
  public var version: String? {
    let letter = twinsBefore == 0 ? "" : String(UnicodeScalar(UInt8(ascii: "a") + UInt8(Swift.min(twinsBefore, 25))))
    return hash.map { "\(number)\(letter) · \($0.prefix(8))" }
  }

  /// What is signed and published: the number and the content, one line of JSON.
  public var document: String? {
    guard let content, var object = content.json.object else { return nil }
    object.append("number", .integer(number))
    return String(decoding: JSON.object(object).bytes, as: UTF8.self) + "\n"
  }
}

extension Notice: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    let by = By(account: heard.author, at: heard.fact.at)
    switch heard.fact.kind {
    case "notice.drafted":
      guard content == nil, let number = data["number"]?.integer else { return }
      content = data["content"].flatMap(NoticeContent.init)
      self.number = number
      drafted = by
    case "notice.approved":
      // Nobody approves their own, nor what they had not before them, whatever a station wrote.
      guard approved == nil, let hash, data["hash"]?.string?.sameBytes(as: hash) ?? false,
        let drafted, !drafted.account.sameBytes(as: by.account)
      else { return }
      (approved, approvedTime, after) = (by, heard.time, data["after"]?.strings)
    case "notice.withdrawn":
      guard withdrawn == nil else { return }
      (withdrawn, withdrawnWhy) = (by, data["reason"]?.string)
    default: return
    }
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("number", number)
    out.put("content", content?.json)
    func put(_ key: String, _ by: By?) {
      guard let by else { return }
      var one = StateWriter()
      one.put("account", by.account)
      one.put("at", by.at)
      out.put(key, .object(one.object))
    }
    put("drafted", drafted)
    put("approved", approved)
    out.put("approvedTime", approvedTime?.text)
    out.put("after", after.map { JSON.array($0.map { .string($0) }) })
    put("withdrawn", withdrawn)
    out.put("withdrawnWhy", withdrawnWhy)
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string, let number = stored["number"]?.integer else { return nil }
    self.init(id: id)
    self.number = number
    content = stored["content"].flatMap(NoticeContent.init)
    func by(_ key: String) -> By? {
      guard let account = stored[key]?["account"]?.string, let at = stored[key]?["at"]?.storedInstant else {
        return nil
      }
      return By(account: account, at: at)
    }
    (drafted, approved, withdrawn) = (by("drafted"), by("approved"), by("withdrawn"))
    approvedTime = stored["approvedTime"]?.string.flatMap { HybridTime($0) }
    after = stored["after"]?.strings
    withdrawnWhy = stored["withdrawnWhy"]?.string
  }
}

extension Collection<Notice> {
  /// Those approved, in the order of their approvals.
  private var told: [Notice] {
    filter { $0.status == .approved }.sorted { one, other in
      (one.approvedTime?.text ?? "", one.id) < (other.approvedTime?.text ?? "", other.id)
    }
  }

  /// Those that no approval had before it: one, or several where stations approved without hearing each other, in the
  /// order of their approvals. An approval that does not say what it had before it had all the earlier ones.
  public var standing: [Notice] {
    let told = told
    let named = Set(told.flatMap { $0.after ?? [] })
    let first = told.lastIndex { $0.after == nil } ?? 0
    return told.dropFirst(first).filter { $0.hash.map { !named.contains($0) } ?? false }
  }

  /// What is told outside now: the one approved last.
  public var current: Notice? { standing.last ?? told.last }

  /// The same, each number once: of those approved under one number, the later ones bear a letter.
  public var numbered: [Notice] {
    let told = told
    return map { notice in
      var notice = notice
      notice.twinsBefore = told.prefix { $0.id != notice.id }.count { $0.number == notice.number }
      if notice.status != .approved { notice.twinsBefore = 0 }
      return notice
    }
  }
}
