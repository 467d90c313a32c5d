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

  public init(id: String) { self.id = id }

  /// Approved here and withdrawn there, it counts as told: it may be out.
  public var status: Status { approved != nil ? .approved : withdrawn != nil ? .withdrawn : .draft }

  /// SHA-256 of `document`, 64 hex digits.
  public var hash: String? { document.map { LineHash(of: Array($0.utf8)).hex } }

  /// `3 · 1f0e9d8c`: what every sheet made of it carries.
  public var version: String? { hash.map { "\(number) · \($0.prefix(8))" } }

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
      (approved, approvedTime) = (by, heard.time)
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
    withdrawnWhy = stored["withdrawnWhy"]?.string
  }
}

extension Collection<Notice> {
  /// What is told outside now: of those approved, the highest number; of two stations' with one
  /// number, the one approved last.
  public var current: Notice? {
    filter { $0.status == .approved }.max { one, other in
      (one.number, one.approvedTime?.text ?? "", one.id) < (other.number, other.approvedTime?.text ?? "", other.id)
    }
  }
}
